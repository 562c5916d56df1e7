import type { Destination, Removal } from '../../driver/driver.ts'
import type { BrokerManagement } from './broker-management.ts'
import { findJolokia } from './jolokia-management.ts'
import { parseManagementUrl } from './management-endpoint.ts'
import { findRabbitmq } from './rabbitmq-management.ts'

/** Requests under way at a time. */
const REMOVALS_AT_ONCE = 8

/**
 * Deletes destinations where the protocol cannot, through the broker's own management interface: RabbitMQ's HTTP API, or
 * Jolokia on ActiveMQ and Artemis. Which one it is is found by asking.
 * @param managementUrl `http://user:password@host:port`, with or without Jolokia's path; `?vhost=` for RabbitMQ.
 * @returns one removal per destination, in their order; `remains` for whatever went wrong. Never rejects.
 */
export async function removeThroughManagement(
  managementUrl: string,
  destinations: readonly Destination[],
): Promise<readonly Removal[]> {
  const removals = destinations.map((): Removal => 'remains')
  const management = await findManagement(managementUrl)
  if (management === null) return removals
  const waiting = [...destinations.entries()]
  const removeNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, destination] = next
      removals[index] = await management.remove(destination)
    }
  }
  await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, removeNext))
  return removals
}

async function findManagement(managementUrl: string): Promise<BrokerManagement | null> {
  const endpoint = parseManagementUrl(managementUrl)
  if (endpoint === null) return null
  return endpoint.path.endsWith('/jolokia')
    ? findJolokia(endpoint)
    : ((await findRabbitmq(endpoint)) ?? (await findJolokia(endpoint)))
}
