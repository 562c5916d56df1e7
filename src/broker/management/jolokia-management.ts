import type { Destination } from '../../driver/driver.ts'
import type { BrokerManagement } from './broker-management.ts'
import { Jolokia } from './jolokia.ts'
import type { ManagementEndpoint } from './management-endpoint.ts'

/** How a broker deletes by JMX. */
interface JmxBroker {
  /** Where its agent is when the URL has no path. */
  readonly path: string
  /** The broker's MBean. */
  readonly pattern: string
  operationFor(destination: Destination): readonly [operation: string, values: readonly (string | boolean)[]]
  /** Words of the error for a destination that is not there. */
  readonly notThere: RegExp
}

const BROKERS: readonly JmxBroker[] = [
  {
    // ActiveMQ Classic
    path: '/api/jolokia',
    pattern: 'org.apache.activemq:type=Broker,brokerName=*',
    operationFor: ({ kind, name }) => [`${kind === 'queue' ? 'removeQueue' : 'removeTopic'}(java.lang.String)`, [name]],
    notThere: /does not exist/i,
  },
  {
    // Artemis: consumers are cut off, and the address goes with its queue.
    path: '/console/jolokia',
    pattern: 'org.apache.activemq.artemis:broker=*',
    operationFor: ({ kind, name }) =>
      kind === 'queue'
        ? ['destroyQueue(java.lang.String,boolean,boolean)', [name, true, true]]
        : ['deleteAddress(java.lang.String,boolean)', [name, true]],
    notThere: /AMQ229017|AMQ229203|does not exist/,
  },
]

/** ActiveMQ's or Artemis's Jolokia agent, if one answers and lets us in; else null. */
export async function findJolokia(endpoint: ManagementEndpoint): Promise<BrokerManagement | null> {
  for (const broker of BROKERS) {
    const path = endpoint.path.endsWith('/jolokia') ? endpoint.path : broker.path
    const found = await Jolokia.find(endpoint, path, broker.pattern)
    if (found === null) continue
    return {
      remove: async (destination) => {
        const [operation, values] = broker.operationFor(destination)
        const result = await found.jolokia.execute(found.mbean, operation, values)
        if (result.kind === 'value') return 'removed'
        return result.kind === 'error' && broker.notThere.test(result.message) ? 'removed' : 'remains'
      },
    }
  }
  return null
}
