import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'

describe('RabbitMQ 3.10', () => {
  const broker = contractBroker('rabbitmq')
  const product = 'RabbitMQ'
  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      brokerContract(broker, { product, protocol: 'stomp', client, transport, identity: 'RabbitMQ' })
    }
  }
  for (const protocol of ['amqp10', 'amqp091'] as const) {
    brokerContract(broker, { product, protocol, client: 'library', transport: 'tcp', identity: 'RabbitMQ' })
  }
  for (const transport of ['tcp', 'ws'] as const) {
    brokerContract(broker, { product, protocol: 'mqtt', client: 'library', transport, identity: null })
  }
})
