/** OpenWire between brokermark and Apache's own Java client, the one that applications use. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { launchEmbedded } from '../../src/broker/embedded/launch-embedded.ts'
import type { EmbeddedHandle } from '../../src/broker/embedded/launch-embedded.ts'
import { ACTIVEMQ, provideDistribution } from '../../src/broker/launch/distribution.ts'
import { findJava } from '../../src/broker/launch/java.ts'
import { launchBroker } from '../../src/broker/launch/launch.ts'
import type { LaunchedBroker } from '../../src/broker/launch/launched-broker.ts'
import { openwireWire } from '../../src/driver/openwire/wire.ts'
import { eventually } from '../driver/eventually.ts'
import { endpointOf } from '../support/endpoint-of.ts'

const MESSAGES = 100
const OPTIONS = { timeoutMs: 20_000 }
const CREDENTIALS = { username: 'bench', password: 'correct-h0rse' }

/** Runs a command of ActiveMQ's distribution, `producer` or `consumer`; what it printed. */
async function java(command: string, port: number, queue: string, ...more: readonly string[]): Promise<string> {
  const [home, program] = await Promise.all([provideDistribution(ACTIVEMQ), findJava()])
  const data = await mkdtemp(join(tmpdir(), 'brokermark-test-java-'))
  const folders = [`-Dactivemq.home=${home}`, `-Dactivemq.base=${home}`, `-Dactivemq.data=${data}`]
  const login = ['--user', CREDENTIALS.username, '--password', CREDENTIALS.password]
  const args = [
    ...['-Xmx256m', ...folders, '-jar', join(home, 'bin', 'activemq.jar'), command],
    ...['--brokerUrl', `tcp://127.0.0.1:${port}`, ...login],
    ...['--destination', `queue://${queue}`, '--messageCount', String(MESSAGES), ...more],
  ]
  // Java reads its arguments in the encoding of the locale.
  try {
    const { stdout } = await promisify(execFile)(program, args, { env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    return stdout
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

function fail(cause: Error): void {
  throw cause
}

describe('the Java client on the embedded broker', () => {
  let broker: EmbeddedHandle
  before(async () => {
    broker = await launchEmbedded(CREDENTIALS)
  })
  after(() => broker.stop())

  test('publishes with a response for each message, and is given them and acknowledges in ranges', async () => {
    await java('producer', broker.port, 'persistent')
    const heard = await java('consumer', broker.port, 'persistent', '--ackMode', 'CLIENT_ACKNOWLEDGE')
    assert.match(heard, new RegExp(`Consumed: ${MESSAGES} messages`))
  })

  test('publishes without responses, and is given the messages and acknowledges them by itself', async () => {
    await java('producer', broker.port, 'transient', '--persistent', 'false')
    assert.match(await java('consumer', broker.port, 'transient'), new RegExp(`Consumed: ${MESSAGES} messages`))
  })
})

describe('the Java client and brokermark on ActiveMQ', () => {
  let broker: LaunchedBroker
  before(async () => {
    broker = await launchBroker('activemq', { credentials: CREDENTIALS })
  })
  after(() => broker.stop())

  const endpoint = (): ReturnType<typeof endpointOf> => ({
    ...endpointOf(broker.targets.get('openwire') ?? ''),
    ...CREDENTIALS,
  })

  test('what Java publishes as text, the wire client consumes', async () => {
    const bodies: string[] = []
    const destination = { kind: 'queue', name: 'from-java' } as const
    const spec = { destination, clientId: 'c', persistent: true, competing: false, prefetch: 10, bodyBytesMax: 1024 }
    const consumer = await openwireWire.openConsumer(
      endpoint(),
      OPTIONS,
      { ...spec, acknowledge: { kind: 'auto' } },
      { onDelivery: (body) => bodies.push(Buffer.from(body).toString('utf8')), onClosed: fail },
    )
    await java('producer', endpoint().port, destination.name, '--message', 'grüße 😀')
    await eventually(() => bodies.length >= MESSAGES, `${MESSAGES} deliveries`)
    await consumer.close()
    assert.deepEqual(new Set(bodies), new Set(['grüße 😀']))
  })

  test('what the wire client publishes, one by one and in transactions, Java consumes', async () => {
    const destination = { kind: 'queue', name: 'to-java' } as const
    const spec = { destination, clientId: 'p', persistent: true, confirm: true, inFlightMax: 100, bodyBytesMax: 1024 }
    let settled = 0
    for (const transacted of [false, true]) {
      const properties = { ttlMs: 600_000, priority: 7, headers: { region: 'eu' } }
      const publisher = await openwireWire.openPublisher(
        endpoint(),
        OPTIONS,
        { ...spec, transacted, properties },
        {
          onSettled: (first, last, outcome) => {
            assert.equal(outcome, 'confirmed')
            settled += last - first + 1
          },
          onBlocked: () => undefined,
          onUnblocked: () => undefined,
          onClosed: fail,
        },
      )
      const expected = settled + MESSAGES / 2
      for (let sequence = 0; sequence < MESSAGES / 2; sequence++) publisher.publish(Buffer.from('from wire'), sequence)
      if (transacted) publisher.commit?.()
      await eventually(() => settled === expected, `${expected} settled`)
      await publisher.close()
    }
    const heard = await java('consumer', endpoint().port, destination.name, '--bytesAsText', 'true')
    assert.match(heard, new RegExp(`Consumed: ${MESSAGES} messages`))
    assert.equal(heard.split('from wire').length - 1, MESSAGES)
  })
})
