import { describe } from 'node:test'
import type { ContractFacts } from '../driver/contract-clause.ts'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'
import { MQTT_3_1_1 } from '../support/mqtt-facts.ts'

/**
 * Over WebSocket, Mosquitto 2.0 with libwebsockets 4.1 sends one piece of 4 KiB each 25 to 50 ms, about 100 KB/s per
 * client (measured; https://github.com/eclipse-mosquitto/mosquitto/issues/2060): megabytes outlast every deadline.
 */
const SLOW = 'the broker sends WebSocket messages over 4 KiB at 100 KB/s (mosquitto issue 2060)'
const OVER_WEB_SOCKET = {
  largestBody: { bytes: 100 * 1024, why: SLOW },
  skips: {
    'a broker that stops reading blocks the publisher, and nothing is lost when it goes on': SLOW,
  },
}

interface Version {
  readonly options: Readonly<Record<string, string>>
  readonly known: Pick<ContractFacts, 'lacks' | 'skips'>
}

/** Of every version, over every transport. */
const KNOWN = {
  lacks: { sharedDurableSubscriptions: 'Mosquitto keeps its share of the messages for a client that is away' },
}

describe('Mosquitto 2.0', () => {
  const broker = contractBroker('mosquitto')
  const mosquitto = { product: 'Mosquitto', identity: 'Mosquitto', protocol: 'mqtt' } as const
  const versions: readonly Version[] = [
    { options: {}, known: MQTT_3_1_1 },
    { options: { version: '5' }, known: {} },
  ]
  for (const client of ['wire', 'library'] as const) {
    for (const { options, known } of versions) {
      const facts = { ...known, lacks: { ...KNOWN.lacks, ...known.lacks } }
      brokerContract(broker, { ...mosquitto, client, transport: 'tcp', options, facts })
      const skips = { ...OVER_WEB_SOCKET.skips, ...known.skips }
      brokerContract(broker, {
        ...mosquitto,
        client,
        transport: 'ws',
        options,
        facts: { ...facts, ...OVER_WEB_SOCKET, skips },
      })
    }
  }
  const options = { version: '5', qos: '2' }
  brokerContract(broker, { ...mosquitto, client: 'wire', transport: 'tcp', options, facts: KNOWN })
})
