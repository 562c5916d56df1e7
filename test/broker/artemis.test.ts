import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'
import { MQTT_3_1_1 } from '../support/mqtt-facts.ts'

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
    reorders: 'Artemis lets a message of one MQTT producer overtake another when several are in flight',
  }
  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      const mqtt = { product: 'Artemis', protocol: 'mqtt', client, transport, identity: null } as const
      brokerContract(broker, { ...mqtt, facts: { ...mqttFacts, ...MQTT_3_1_1 } })
      brokerContract(broker, { ...mqtt, options: { version: '5' }, facts: mqttFacts })
    }
  }
  const exactlyOnce = { version: '5', qos: '2' }
  // Seen on the wire: after our PUBCOMP nothing follows until another message comes. Its MQTTPublishManager prompts
  // delivery in handlePubRec alone, while the PUBREL that follows takes the room again until handlePubComp.
  const held = 'Artemis looks for room under the receive-maximum at PUBREC only, and QoS 2 makes it at PUBCOMP'
  brokerContract(broker, {
    ...{ product: 'Artemis', protocol: 'mqtt', client: 'wire', transport: 'tcp', options: exactlyOnce, identity: null },
    facts: {
      ...mqttFacts,
      skips: {
        'one message in flight at a time is confirmed each time': held,
        'a prefetch of one delivers one at a time': held,
        'acknowledge auto keeps deliveries flowing beyond the prefetch, however much of it is used up': held,
        'a consumer that acknowledges nothing gets at most its prefetch': held,
        'two competing consumers share the messages without duplicates, or are refused': held,
        'two consumers of a shared subscription are given each message once between them, a plain one all': held,
        'a shared durable subscription shares what was published while nobody was there': held,
      },
    },
  })
})
