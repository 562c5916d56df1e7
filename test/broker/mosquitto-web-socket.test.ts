/** A file of its own, because the broker takes its time: it is a lane of its own that does not need the cores. */
import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'
import { MOSQUITTO, MOSQUITTO_VERSIONS } from '../support/mosquitto-facts.ts'

/**
 * Over WebSocket, Mosquitto 2.0 with libwebsockets 4.1 sends one piece of 4 KiB each 25 to 50 ms, about 100 KB/s per
 * client (measured; https://github.com/eclipse-mosquitto/mosquitto/issues/2060): megabytes outlast every deadline, and 300
 * messages of 1 KB take three seconds.
 */
const SLOW = 'the broker sends WebSocket messages over 4 KiB at 100 KB/s (mosquitto issue 2060)'
const SLOW_CLAUSES = {
  'a broker that stops reading blocks the publisher, and nothing is lost when it goes on': SLOW,
}

describe('Mosquitto 2.0 over WebSocket', () => {
  const broker = contractBroker('mosquitto')
  for (const client of ['wire', 'library'] as const) {
    for (const { options, facts } of MOSQUITTO_VERSIONS) {
      const skips = { ...facts.skips, ...SLOW_CLAUSES }
      const largestBody = { bytes: 100 * 1024, why: SLOW, usualBytes: 64 }
      brokerContract(broker, {
        ...MOSQUITTO,
        client,
        transport: 'ws',
        options,
        facts: { ...facts, skips, largestBody },
      })
    }
  }
})
