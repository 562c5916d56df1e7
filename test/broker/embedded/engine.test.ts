/** The broker without protocol and sockets, in virtual time. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { EmbeddedBroker } from '../../../src/broker/embedded/embedded-broker.ts'
import type { Client } from '../../../src/broker/embedded/embedded-broker.ts'
import { parseEmbeddedSettings } from '../../../src/broker/embedded/embedded-settings.ts'
import { MessageQueue } from '../../../src/broker/embedded/message-queue.ts'
import type { Subscriber } from '../../../src/broker/embedded/message-queue.ts'
import { storedBytes } from '../../../src/broker/embedded/stored-message.ts'
import type { StoredMessage } from '../../../src/broker/embedded/stored-message.ts'
import { Unacknowledged } from '../../../src/broker/embedded/unacknowledged.ts'
import { TurnedAlarm } from './turned-alarm.ts'

/** Takes messages while it has credit. */
class Taker implements Subscriber {
  readonly taken: StoredMessage[] = []
  credit: number
  readonly #mayServe: () => boolean

  constructor(credit: number, mayServe: () => boolean = () => true) {
    this.credit = credit
    this.#mayServe = mayServe
  }

  canTake(): boolean {
    return this.taken.length < this.credit && this.#mayServe()
  }

  take(message: StoredMessage): void {
    this.taken.push(message)
  }

  get numbers(): number[] {
    return this.taken.map(({ body }) => body[0] ?? -1)
  }
}

function message(number: number): StoredMessage {
  return { body: new Uint8Array([number]), redelivered: false }
}

describe('a queue', () => {
  test('gives its messages to its subscribers in turn, and passes over those without credit', () => {
    const queue = new MessageQueue()
    const [first, second, third] = [new Taker(2), new Taker(9), new Taker(9)]
    for (const taker of [first, second, third]) queue.subscribe(taker)
    for (let number = 0; number < 8; number++) queue.add(message(number))
    assert.deepEqual(
      [first.numbers, second.numbers, third.numbers],
      [
        [0, 3],
        [1, 4, 6],
        [2, 5, 7],
      ],
    )
  })

  test('keeps what nobody can take, in order, until somebody can', () => {
    const queue = new MessageQueue()
    for (let number = 0; number < 100; number++) queue.add(message(number))
    assert.equal(queue.depth, 100)
    const taker = new Taker(60)
    queue.subscribe(taker)
    taker.credit = 100
    queue.dispatch()
    assert.deepEqual(
      taker.numbers,
      Array.from({ length: 100 }, (_, number) => number),
    )
  })

  test('gets messages back to its front, in their order, marked as redelivered', () => {
    const queue = new MessageQueue()
    queue.add(message(3))
    queue.giveBack([message(1), message(2)])
    const taker = new Taker(9)
    queue.subscribe(taker)
    assert.deepEqual(taker.numbers, [1, 2, 3])
    assert.deepEqual(
      taker.taken.map(({ redelivered }) => redelivered),
      [true, true, false],
    )
  })
})

describe('deliveries that are not acknowledged', () => {
  test('are the same as a plain map would say, in whatever order they are acknowledged', () => {
    const owners = [{ name: 'a' }, { name: 'b' }]
    const step = fc.oneof(
      fc.constantFrom(0, 1, 'skip' as const),
      fc.record({ remove: fc.integer({ min: 1, max: 60 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const waiting = new Unacknowledged<{ name: string }>()
        const expected = new Map<number, { name: string }>()
        for (const each of steps) {
          const owner = typeof each === 'number' ? owners[each] : undefined
          if (owner !== undefined) {
            expected.set(waiting.next, owner)
            waiting.add(message(waiting.next % 256), owner)
          } else if (typeof each === 'object') {
            assert.equal(waiting.ownerOf(each.remove), expected.get(each.remove) ?? null)
            assert.equal(
              waiting.remove(each.remove)?.body[0] ?? null,
              expected.delete(each.remove) ? each.remove % 256 : null,
            )
          } else {
            waiting.skip()
          }
        }
        for (const owner of owners) {
          const left = waiting.removeUpTo(Infinity, owner).map(({ body }) => body[0])
          assert.deepEqual(
            left,
            [...expected].filter(([, each]) => each === owner).map(([number]) => number % 256),
          )
        }
      }),
    )
  })
})

describe('the broker in virtual time', () => {
  function brokerWith(switches: Readonly<Record<string, string>>): { broker: EmbeddedBroker; alarm: TurnedAlarm } {
    const alarm = new TurnedAlarm()
    return { broker: new EmbeddedBroker(parseEmbeddedSettings(switches), alarm), alarm }
  }
  const sender = { confirm: () => undefined, cut: () => undefined }

  test('makes a destination on use, and deletes it when it is empty and nobody subscribes', () => {
    const { broker } = brokerWith({})
    const queue = broker.destination('queue', 'q')
    queue.accept(new Uint8Array([1]))
    broker.deleteIfUnused(queue)
    assert.equal(broker.destinationCount, 1)
    const taker = new Taker(9)
    const feed = queue.subscribe(taker)
    broker.deleteIfUnused(queue)
    assert.equal(broker.destinationCount, 1)
    queue.unsubscribe(taker, feed, [])
    broker.deleteIfUnused(queue)
    assert.deepEqual([broker.destinationCount, queue.isDeleted], [0, true])
  })

  test('a destination that is back under its name outlives whoever still has the one before', () => {
    const { broker } = brokerWith({})
    const before = broker.destination('queue', 'q')
    broker.deleteIfUnused(before)
    const back = broker.destination('queue', 'q')
    broker.deleteIfUnused(before)
    assert.equal(broker.destination('queue', 'q'), back)
  })

  test('gives a message to every subscription of a topic, and forgets it where there is none', () => {
    const { broker } = brokerWith({})
    const topic = broker.destination('topic', 't')
    topic.accept(new Uint8Array([0]))
    assert.equal(broker.memoryBytes, 0)
    const takers = [new Taker(9), new Taker(1)]
    const feeds = takers.map((taker) => topic.subscribe(taker))
    topic.accept(new Uint8Array([1]))
    topic.accept(new Uint8Array([2]))
    assert.deepEqual(
      takers.map(({ numbers }) => numbers),
      [[1, 2], [1]],
    )
    assert.equal(broker.memoryBytes, 4 * storedBytes(message(1)))
    for (const [index, taker] of takers.entries()) {
      const feed = feeds[index]
      if (feed !== undefined) topic.unsubscribe(taker, feed, taker.taken)
    }
    assert.equal(broker.memoryBytes, 0)
    assert.ok(topic.isUnused)
  })

  test('holds publishers back above its memory limit until a fifth of it is free, and nobody else', () => {
    const { broker } = brokerWith({ memoryMegabytes: '1' })
    const held: Record<string, boolean> = {}
    const client = (name: string, isPublisher: boolean): Client => ({
      isPublisher,
      holdBack: (isHeldBack) => (held[name] = isHeldBack),
    })
    broker.enter(client('publisher', true))
    broker.enter(client('consumer', false))
    broker.add(1_000_001)
    assert.deepEqual(held, { publisher: true, consumer: false })
    broker.enter(client('late', true))
    broker.add(-100_000)
    assert.deepEqual(held, { publisher: true, consumer: false, late: true })
    broker.add(-110_000)
    assert.deepEqual(held, { publisher: false, consumer: false, late: false })
  })

  test('confirms and delivers nothing during a stall, also what an acknowledgement makes room for', () => {
    const { broker, alarm } = brokerWith({ stallMs: '500', stallEveryMs: '5000' })
    const queue = broker.destination('queue', 'q')
    const confirmed: number[] = []
    const taker = new Taker(1, () => broker.serves)
    queue.subscribe(taker)
    const offer = (): void => {
      const confirm = (): void => void confirmed.push(alarm.nowUs())
      broker.offer(queue, new Uint8Array([confirmed.length]), { ...sender, confirm }, new Uint8Array([1]))
    }
    offer()
    offer()
    alarm.turnTo(2_600_000)
    offer()
    taker.credit = 9
    queue.dispatch()
    assert.deepEqual([confirmed, taker.taken.length], [[0, 0], 1])
    alarm.turnTo(2_999_999)
    assert.equal(taker.taken.length, 1)
    alarm.turnTo(3_000_000)
    assert.deepEqual(confirmed, [0, 0, 3_000_000])
    assert.equal(taker.taken.length, 3)
  })

  test('serves at its capacity', () => {
    const { broker, alarm } = brokerWith({ capacityPerSecond: '1000' })
    const queue = broker.destination('queue', 'q')
    const servedAtMs: number[] = []
    const confirm = (): void => void servedAtMs.push(alarm.nowUs() / 1000)
    for (let count = 0; count < 5; count++) {
      broker.offer(queue, new Uint8Array(1), { ...sender, confirm }, new Uint8Array([1]))
    }
    alarm.turnTo(10_000)
    assert.deepEqual(servedAtMs, [0, 1, 2, 3, 4])
  })

  test('reads nothing from publishers while the switch says so', () => {
    const { broker, alarm } = brokerWith({ stopReadingMs: '100', stopReadingEveryMs: '1000' })
    const changes: string[] = []
    let isHeldBack = false
    broker.enter({
      isPublisher: true,
      holdBack: (held) => {
        if (held !== isHeldBack) changes.push(`${held ? 'stops' : 'reads'} ${alarm.nowUs() / 1000}`)
        isHeldBack = held
      },
    })
    broker.offer(broker.destination('queue', 'q'), new Uint8Array(1), sender, null)
    alarm.turnTo(2_000_000)
    assert.deepEqual(changes, ['stops 500', 'reads 600', 'stops 1500', 'reads 1600'])
  })

  test('lets displaced messages out when their queue has been quiet, and then needs no alarm', () => {
    const { broker, alarm } = brokerWith({ reorderEvery: '2', reorderBy: '9' })
    const queue = broker.destination('queue', 'q')
    const taker = new Taker(9)
    queue.subscribe(taker)
    for (let number = 1; number <= 3; number++) broker.offer(queue, new Uint8Array([number]), sender, null)
    assert.deepEqual(taker.numbers, [1, 3])
    alarm.turnTo(99_999)
    assert.deepEqual(taker.numbers, [1, 3])
    alarm.turnTo(100_000)
    assert.deepEqual(taker.numbers, [1, 3, 2])
    assert.equal(broker.faultCounts().reordered, 1)
  })
})
