/** What a message carries beside its body, from one protocol to another and from one client to the other. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launchBroker } from '../../src/broker/launch/launch.ts'
import type { BrokerProduct, LaunchedBroker, LaunchOptions } from '../../src/broker/launch/launched-broker.ts'
import type { ClientKind, MessageProperties, Protocol } from '../../src/driver/driver.ts'
import { clientsOf, loadDriver } from '../../src/driver/registry.ts'
import { ContractSession } from '../driver/contract-session.ts'
import { endpointOf } from '../support/endpoint-of.ts'

interface Subject {
  readonly product: BrokerProduct
  readonly protocols: readonly Protocol[]
  /** Protocol whose headers go to no other and come from no other. */
  readonly ownHeaders?: Protocol
  readonly launch?: LaunchOptions
  readonly credentials?: { readonly username: string; readonly password: string }
}

const SUBJECTS: readonly Subject[] = [
  { product: 'activemq', protocols: ['stomp', 'amqp10', 'openwire'], launch: { amqpTransformer: 'jms' } },
  { product: 'artemis', protocols: ['stomp', 'amqp10', 'openwire'] },
  {
    product: 'rabbitmq',
    protocols: ['stomp', 'amqp10', 'amqp091'],
    // Its plugin takes application properties for headers only where `convert_amqp091_headers_to_app_props` is set.
    ownHeaders: 'amqp10',
    credentials: { username: 'guest', password: 'guest' },
  },
]

interface End {
  readonly protocol: Protocol
  readonly client: ClientKind
}

const TTL_MS = 600_000
const SENT: MessageProperties = { ttlMs: TTL_MS, priority: 7, headers: { region: 'eu-central-1', trace: 'a:b 3 €' } }

for (const subject of SUBJECTS) {
  describe(`what a message carries through ${subject.product}`, () => {
    let broker: LaunchedBroker
    before(async () => {
      broker = await launchBroker(subject.product, subject.launch)
    })
    after(() => broker.stop())

    const ends = subject.protocols.flatMap((protocol) => clientsOf(protocol).map((client) => ({ protocol, client })))
    for (const from of ends) {
      for (const to of ends.filter((end) => end !== from)) {
        const skip = reasonToSkip(subject, from, to)
        test(`from ${from.protocol} by ${from.client} to ${to.protocol} by ${to.client}`, { skip }, async () => {
          const arrived = await carry(broker, subject, from, to)
          assert.equal(arrived.priority, SENT.priority)
          const { ttlMs } = arrived
          assert.ok(ttlMs !== null && ttlMs > 0 && ttlMs <= TTL_MS, `${ttlMs ?? 'no'} ms to live`)
          const isFenced = (from.protocol === subject.ownHeaders) !== (to.protocol === subject.ownHeaders)
          if (isFenced) return
          for (const [name, value] of Object.entries(SENT.headers)) assert.equal(arrived.headers[name], value, name)
        })
      }
    }
  })
}

function reasonToSkip({ product }: Subject, from: End, to: End): string | false {
  const isRaw = product === 'rabbitmq' && from.protocol === 'amqp10' && to.protocol === 'stomp' && to.client === 'wire'
  if (!isRaw) return false
  return 'RabbitMQ writes application properties into a STOMP header as AMQP 1.0 encodes them, NUL included: refused'
}

/** Sends one message from one end to the other; what it carries when it arrives. */
async function carry(broker: LaunchedBroker, subject: Subject, from: End, to: End): Promise<MessageProperties> {
  const [sender, receiver] = await Promise.all([sessionOf(broker, subject, from), sessionOf(broker, subject, to)])
  const queue = await receiver.destination()
  const consumer = await receiver.consumer(queue, { properties: true })
  const publisher = await sender.publisher(queue, { properties: SENT })
  await publisher.send(1)
  await consumer.received(1)
  sender.assertNoViolations()
  receiver.assertNoViolations()
  await sender.end()
  await receiver.end()
  return consumer.deliveries[0]?.properties ?? assert.fail('no properties')
}

async function sessionOf(broker: LaunchedBroker, subject: Subject, end: End): Promise<ContractSession> {
  const endpoint = endpointOf(broker.targets.get(end.protocol) ?? '')
  return new ContractSession(await loadDriver(end.protocol, end.client), { ...endpoint, ...subject.credentials }, {})
}
