/**
 * Below the command line: what one driver publishes another consumes, of the same protocol by the other client, or of
 * another protocol; body and properties are those that were sent.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test, type TestContext } from 'node:test'
import { launchBroker } from '../../src/broker/launch/launch.ts'
import type { LaunchedBroker } from '../../src/broker/launch/launched-broker.ts'
import type { ClientKind, Protocol } from '../../src/driver/driver.ts'
import { clientsOf, loadDriver } from '../../src/driver/registry.ts'
import { ContractSession } from '../driver/contract-session.ts'
import { pairsOf, SIZES, SUBJECTS, type Subject } from '../support/end-subjects.ts'
import { endpointOf } from '../support/endpoint-of.ts'

for (const subject of SUBJECTS) {
  const { product, protocols, mqttVersions: versions = [] } = subject
  describe(`different clients of ${product}`, () => {
    let broker: LaunchedBroker
    before(async () => {
      broker = await launchBroker(product, subject.launch)
    })
    after(() => broker.stop())

    const queueProtocols = protocols.filter((protocol) => protocol !== 'mqtt')
    for (const [from, to] of pairsOf(queueProtocols)) {
      test(`what a message of ${from} carries beside its body, ${to} is told`, async (context) => {
        const ends = [await openEnd(broker, subject, from), await openEnd(broker, subject, to)] as const
        await carryOver(context, ends, subject.keepsHeaders?.includes(from) !== subject.keepsHeaders?.includes(to))
      })
    }
    for (const protocol of protocols) {
      for (const [from, to] of pairsOf(clientsOf(protocol))) {
        // MQTT 3.1.1 carries nothing beside the body.
        if (protocol !== 'mqtt' || versions.includes('5'))
          test(`${protocol}: what a message of the ${from} client carries beside its body, the ${to} client is told`, async (context) => {
            const ends = [
              await openEnd(broker, subject, protocol, from),
              await openEnd(broker, subject, protocol, to),
            ] as const
            await carryOver(context, ends, false)
          })
        test(`${protocol}: what the ${from} client publishes, the ${to} client consumes`, async () => {
          for (const bytes of [...SIZES, 1_000_000]) await handOver(broker, subject, protocol, [from, to], bytes)
        })
      }
    }
  })
}

/** Publishes by one client and consumes by the other, over the same endpoint; every body is looked at whole. */
async function handOver(
  broker: LaunchedBroker,
  subject: Subject,
  protocol: Protocol,
  [from, to]: readonly [ClientKind, ClientKind],
  bodyBytesMax: number,
): Promise<void> {
  const producing = await openEnd(broker, subject, protocol, from)
  const consuming = await openEnd(broker, subject, protocol, to)
  const messages = bodyBytesMax > 100_000 ? 5 : 200
  try {
    const queue = await producing.destination()
    const consumer = await consuming.consumer(queue, { bodyBytesMax })
    const publisher = await producing.publisher(queue, { bodyBytesMax })
    await publisher.send(messages)
    await consumer.received(messages)
    await publisher.confirmed(messages)
    consuming.assertEachOnce(consumer, publisher, messages)
    assert.deepEqual(new Set(consumer.deliveries.map(({ bytes }) => bytes)), new Set([bodyBytesMax]))
    producing.assertNoViolations()
    consuming.assertNoViolations()
  } finally {
    await consuming.end()
    await producing.end()
  }
}

/** The newest version of MQTT that the broker speaks: the older one carries nothing beside the body. */
async function openEnd(
  broker: LaunchedBroker,
  subject: Subject,
  protocol: Protocol,
  client: ClientKind = 'wire',
): Promise<ContractSession> {
  const { username, password } = subject.credentials ?? { username: null, password: null }
  const version = protocol === 'mqtt' ? subject.mqttVersions?.at(-1) : undefined
  const options = version === undefined ? {} : { version }
  const endpoint = { ...endpointOf(broker.targets.get(protocol) ?? assert.fail(protocol)), username, password, options }
  const reorders = subject.reorders?.[protocol]
  return new ContractSession(await loadDriver(protocol, client), endpoint, reorders === undefined ? {} : { reorders })
}

const TTL_MS = 600_000
const HEADERS = { region: 'eu-central-1', trace_id: 'a:b\\ c d', Price: '3 €' }

/** Whatever both drivers know of time to live, priority and headers. */
async function carryOver(
  context: TestContext,
  [producing, consuming]: readonly [ContractSession, ContractSession],
  headersStay: boolean,
): Promise<void> {
  const both = (flag: 'ttl' | 'priority' | 'headers'): boolean =>
    producing.driver.capabilities[flag] && consuming.driver.capabilities[flag]
  const headers = both('headers') && !headersStay ? HEADERS : {}
  const asked = { ttlMs: both('ttl') ? TTL_MS : null, priority: both('priority') ? 7 : null, headers }
  if (asked.ttlMs === null && asked.priority === null && Object.keys(headers).length === 0) {
    context.skip('capabilities ttl, priority, headers: not at both ends')
    return
  }
  try {
    const queue = await consuming.destination()
    const consumer = await consuming.consumer(queue, { properties: true })
    const publisher = await producing.publisher(queue, { properties: asked })
    await publisher.send(3)
    await consumer.received(3)
    consuming.assertEachOnce(consumer, publisher, 3)
    for (const { properties } of consumer.deliveries) {
      const { ttlMs = null, priority = null, headers: arrived = {} } = properties ?? {}
      if (asked.ttlMs !== null) assert.ok(ttlMs !== null && ttlMs > 0 && ttlMs <= TTL_MS, `${String(ttlMs)} ms`)
      if (asked.priority !== null) assert.equal(priority, asked.priority)
      // Brokers may add some of their own.
      for (const [name, value] of Object.entries(headers)) assert.equal(arrived[name], value)
    }
    producing.assertNoViolations()
    consuming.assertNoViolations()
  } finally {
    await producing.end()
    await consuming.end()
  }
}
