import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'

describe('Artemis 2.44', () => {
  const broker = contractBroker('artemis')
  const product = 'Artemis'
  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      brokerContract(broker, { product, protocol: 'stomp', client, transport, identity: 'Artemis' })
    }
  }
  brokerContract(broker, { product, protocol: 'amqp10', client: 'library', transport: 'tcp', identity: 'Artemis' })
  for (const transport of ['tcp', 'ws'] as const) {
    brokerContract(broker, { product, protocol: 'mqtt', client: 'library', transport, identity: null })
    const options = { version: '5' }
    brokerContract(broker, { product, protocol: 'mqtt', client: 'library', transport, options, identity: null })
  }
})
