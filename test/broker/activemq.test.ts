import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'

describe('ActiveMQ Classic 5.18', () => {
  const broker = contractBroker('activemq')
  const product = 'ActiveMQ'
  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      brokerContract(broker, { product, protocol: 'stomp', client, transport, identity: 'ActiveMQ' })
    }
  }
  brokerContract(broker, { product, protocol: 'amqp10', client: 'library', transport: 'tcp', identity: 'ActiveMQ' })
  for (const transport of ['tcp', 'ws'] as const) {
    brokerContract(broker, { product, protocol: 'mqtt', client: 'library', transport, identity: null })
  }
})
