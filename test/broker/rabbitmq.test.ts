import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'

describe('RabbitMQ 3.10', () => {
  const broker = contractBroker('rabbitmq')
  const rabbitmq = { product: 'RabbitMQ', identity: 'RabbitMQ' }
  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      brokerContract(broker, { ...rabbitmq, protocol: 'stomp', client, transport })
    }
    for (const protocol of ['amqp10', 'amqp091'] as const) {
      brokerContract(broker, { ...rabbitmq, protocol, client, transport: 'tcp' })
    }
  }
  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      brokerContract(broker, {
        ...{ product: 'RabbitMQ', protocol: 'mqtt', client, transport, identity: null },
        facts: { competing: 'unsupported' },
      })
    }
  }
})
