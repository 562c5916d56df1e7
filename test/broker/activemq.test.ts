import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'
import { MQTT_3_1_1_UNSHARED } from '../support/mqtt-facts.ts'

const NO_SHARED = 'ActiveMQ Classic has no shared subscriptions, only virtual topics of its own configuration'
const NOT_SHARED = { sharedSubscriptions: NO_SHARED, sharedDurableSubscriptions: NO_SHARED }

describe('ActiveMQ Classic 5.18', () => {
  const broker = contractBroker('activemq')
  const notShared = 'ActiveMQ Classic shares no subscriptions over AMQP 1.0'
  const activemq = { product: 'ActiveMQ', identity: 'ActiveMQ' }
  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      brokerContract(broker, { ...activemq, protocol: 'stomp', client, transport, facts: { lacks: NOT_SHARED } })
    }
    brokerContract(broker, {
      ...{ ...activemq, protocol: 'amqp10', client, transport: 'tcp' },
      facts: { lacks: { sharedSubscriptions: notShared, sharedDurableSubscriptions: notShared } },
    })
  }
  brokerContract(broker, { ...activemq, protocol: 'openwire', client: 'wire', transport: 'tcp' })
  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      brokerContract(broker, {
        ...{ product: 'ActiveMQ', protocol: 'mqtt', client, transport, identity: null },
        facts: MQTT_3_1_1_UNSHARED,
      })
    }
  }
})
