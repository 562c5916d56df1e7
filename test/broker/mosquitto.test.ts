import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'

describe('Mosquitto 2.0', () => {
  const broker = contractBroker('mosquitto')
  const product = 'Mosquitto'
  for (const transport of ['tcp', 'ws'] as const) {
    brokerContract(broker, { product, protocol: 'mqtt', client: 'library', transport, identity: null })
    const options = { version: '5' }
    brokerContract(broker, { product, protocol: 'mqtt', client: 'library', transport, options, identity: null })
  }
})
