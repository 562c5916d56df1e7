import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'

const STOMP_LACKS = { consumerTransactions: 'Artemis acknowledges at once whatever transaction an ACK of STOMP names' }

describe('Artemis 2.44', () => {
  const broker = contractBroker('artemis')
  const artemis = { product: 'Artemis', identity: 'Artemis' }
  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      brokerContract(broker, { ...artemis, protocol: 'stomp', client, transport, facts: { lacks: STOMP_LACKS } })
    }
    brokerContract(broker, { ...artemis, protocol: 'amqp10', client, transport: 'tcp' })
  }
  brokerContract(broker, { ...artemis, protocol: 'openwire', client: 'wire', transport: 'tcp' })
  const mqttFacts = {
    acknowledgesLate: 'Artemis forgets acknowledgements that it read just before the end of an MQTT session',
    reorders: 'Artemis lets a message of one MQTT producer overtake another when several are in flight',
  }
  for (const client of ['wire', 'library'] as const) {
    for (const options of [{}, { version: '5' }]) {
      for (const transport of ['tcp', 'ws'] as const) {
        brokerContract(broker, {
          ...{ product: 'Artemis', protocol: 'mqtt', client, transport, options, identity: null },
          facts: mqttFacts,
        })
      }
    }
  }
})
