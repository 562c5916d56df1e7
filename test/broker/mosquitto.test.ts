import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'
import { MOSQUITTO, MOSQUITTO_VERSIONS } from '../support/mosquitto-facts.ts'

describe('Mosquitto 2.0', () => {
  const broker = contractBroker('mosquitto')
  for (const client of ['wire', 'library'] as const) {
    for (const version of MOSQUITTO_VERSIONS) {
      brokerContract(broker, { ...MOSQUITTO, client, transport: 'tcp', ...version })
    }
  }
  const options = { version: '5', qos: '2' }
  brokerContract(broker, { ...MOSQUITTO, client: 'wire', transport: 'tcp', options })
})
