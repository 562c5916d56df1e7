import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'
import { MQTT_3_1_1_UNSHARED } from '../support/mqtt-facts.ts'

const TRANSACTIONS = 'the AMQP 1.0 plugin answers "Transactions not supported"'
const SUBSCRIPTIONS = 'the AMQP 1.0 plugin gives every subscriber of a topic a queue of its own, without a name'
const AMQP10_PLUGIN_LACKS = {
  ...{ transactions: TRANSACTIONS, consumerTransactions: TRANSACTIONS },
  ...{ durableSubscriptions: SUBSCRIPTIONS, sharedSubscriptions: SUBSCRIPTIONS },
  sharedDurableSubscriptions: SUBSCRIPTIONS,
}

describe('RabbitMQ 3.10', () => {
  const broker = contractBroker('rabbitmq')
  const rabbitmq = { product: 'RabbitMQ', identity: 'RabbitMQ' }
  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      brokerContract(broker, { ...rabbitmq, protocol: 'stomp', client, transport })
    }
    brokerContract(broker, {
      ...{ ...rabbitmq, protocol: 'amqp10', client, transport: 'tcp' },
      facts: { lacks: AMQP10_PLUGIN_LACKS },
    })
    brokerContract(broker, { ...rabbitmq, protocol: 'amqp091', client, transport: 'tcp' })
  }
  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      brokerContract(broker, {
        ...{ product: 'RabbitMQ', protocol: 'mqtt', client, transport, identity: null },
        facts: MQTT_3_1_1_UNSHARED,
      })
    }
  }
})
