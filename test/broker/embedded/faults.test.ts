/** Every switch of the stub in real time, against a process of its own: what arrives is what the broker says it injected. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, test } from 'node:test'
import { launchEmbedded } from '../../../src/broker/embedded/launch-embedded.ts'
import type { EmbeddedHandle } from '../../../src/broker/embedded/launch-embedded.ts'
import { noFaults } from '../../../src/broker/embedded/fault-model.ts'
import type { FaultCounts } from '../../../src/broker/embedded/fault-model.ts'
import type { ConsumerRecorder } from '../../driver/contract-consumer.ts'
import { ContractSession } from '../../driver/contract-session.ts'
import type { PublisherRecorder } from '../../driver/contract-publisher.ts'
import { eventually } from '../../driver/eventually.ts'
import { allGone } from '../../support/child-processes.ts'
import { readProcessStat } from '../../../src/probe/proc-stat.ts'
import { stompWire } from '../../../src/driver/stomp/wire.ts'
import { embeddedEndpoint } from './embedded-endpoint.ts'

const MESSAGES = 1000

let broker: EmbeddedHandle | null = null
let session: ContractSession | null = null

afterEach(endScene)

async function endScene(): Promise<void> {
  await session?.end()
  await broker?.stop()
  broker = null
  session = null
}

interface Scene {
  readonly broker: EmbeddedHandle
  readonly publisher: PublisherRecorder
  readonly consumer: ConsumerRecorder
}

/** A stub with these switches, one producer and one consumer on one queue. */
async function sceneWith(switches: Readonly<Record<string, string>>, bodyBytesMax?: number): Promise<Scene> {
  broker = await launchEmbedded(switches)
  session = new ContractSession(stompWire, embeddedEndpoint(broker), {})
  const queue = await session.destination()
  const consumer = await session.consumer(queue)
  const limits = { inFlightMax: MESSAGES, ...(bodyBytesMax === undefined ? {} : { bodyBytesMax }) }
  return { broker, consumer, publisher: await session.publisher(queue, limits) }
}

async function injected({ broker: stub }: Scene): Promise<FaultCounts> {
  return stub.faultCounts()
}

describe('the stub in real time', () => {
  const counted: readonly [switches: Record<string, string>, counts: Partial<FaultCounts>][] = [
    [{ dropEvery: '10' }, { dropped: 100 }],
    [{ duplicateEvery: '8' }, { duplicated: 125 }],
    [
      { dropEvery: '100', duplicateEvery: '50' },
      { dropped: 10, duplicated: 10 },
    ],
    [{ holdBack: '30' }, { heldBack: 30 }],
    [{ capacityPerSecond: '20000' }, {}],
    [{ serviceMicros: '20', service: 'exponential', seed: '5' }, {}],
    [{ stallMs: '50', stallEveryMs: '60' }, {}],
  ]
  for (const [switches, counts] of counted) {
    test(`confirms all and delivers what ${JSON.stringify(switches)} leaves`, async () => {
      const scene = await sceneWith(switches)
      await scene.publisher.send(MESSAGES)
      await scene.publisher.confirmed(MESSAGES)
      const expected = { ...noFaults(), published: MESSAGES, ...counts }
      const arriving = MESSAGES - expected.dropped - expected.heldBack + expected.duplicated
      await scene.consumer.received(arriving)
      assert.deepEqual(await injected(scene), expected)
      assert.equal(scene.consumer.deliveries.length, arriving)
      assert.equal(new Set(scene.consumer.sequences(0)).size, MESSAGES - expected.dropped - expected.heldBack)
    })
  }

  test('delivers displaced messages late, each once', async () => {
    const displaced = Array.from({ length: 10 }, (_, index) => (index + 1) * 97 - 1)
    // A queue that nothing enters for 100 ms lets them go: on a machine that stands still for that long, in their order.
    for (let attempt = 1; ; attempt++) {
      const scene = await sceneWith({ reorderEvery: '97', reorderBy: '5' })
      await scene.publisher.send(MESSAGES)
      await scene.consumer.received(MESSAGES)
      const sequences = scene.consumer.sequences(0)
      assert.equal(new Set(sequences).size, MESSAGES)
      assert.equal((await injected(scene)).reordered, 10)
      const late = sequences.filter((sequence, index) =>
        sequences.slice(0, index).some((earlier) => earlier > sequence),
      )
      assert.ok(late.every((sequence) => displaced.includes(sequence)))
      if (late.length === displaced.length) break
      assert.ok(attempt < 20, `only ${late.join(' ')} were late`)
      await endScene()
    }
  })

  test('releases what it held back when the time is over', async () => {
    const scene = await sceneWith({ holdBack: '5', holdBackMs: '30' })
    await scene.publisher.send(20)
    await scene.consumer.received(20)
    assert.equal((await injected(scene)).heldBack, 5)
    assert.equal(new Set(scene.consumer.sequences(0)).size, 20)
  })

  test('changes one byte of a corrupt message', async () => {
    const scene = await sceneWith({ corruptEvery: '100' })
    await scene.publisher.send(MESSAGES)
    await scene.consumer.received(MESSAGES)
    assert.equal((await injected(scene)).corrupted, 10)
    assert.equal(scene.consumer.violations.splice(0).length, 10)
  })

  test('never answers messages lost before the confirm, and close() settles them as unknown', async () => {
    const scene = await sceneWith({ loseUnconfirmed: '10' })
    await scene.publisher.send(MESSAGES)
    await eventually(
      () => scene.publisher.outcomes.size === 900,
      '900 confirms',
      () => scene.publisher.summary(),
    )
    await scene.publisher.publisher.close()
    const outcomes = [...scene.publisher.outcomes.values()]
    assert.equal(outcomes.filter((outcome) => outcome === 'unknown').length, 100)
    assert.equal((await injected(scene)).unanswered, 100)
    await scene.consumer.received(900)
    assert.equal(scene.consumer.deliveries.length, 900)
  })

  test('cuts the connection of the message that was named, and everything unanswered is unknown', async () => {
    const scene = await sceneWith({ cutAfterMessages: '500' })
    for (let message = 0; message < MESSAGES; message++) scene.publisher.offer()
    await eventually(
      () => scene.publisher.closedBy.length > 0,
      'onClosed',
      () => scene.publisher.summary(),
    )
    // A slow host's socket may have been full before all were taken.
    assert.equal(scene.publisher.outcomes.size, scene.publisher.accepted)
    assert.equal((await injected(scene)).cut, 1)
    await scene.consumer.received(499)
    assert.equal(scene.publisher.closedBy[0]?.code, 'closed')
  })

  test('stops reading, so that the publisher is blocked by its socket, and loses nothing', async () => {
    const scene = await sceneWith({ stopReadingMs: '400', stopReadingEveryMs: '450' }, 65_536)
    const { publisher } = scene
    while (publisher.blockedFor.length === 0) {
      // Large ones, so that the slowest host fills the socket within the 400 ms.
      publisher.offer(65_536)
      if (publisher.accepted % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
      assert.ok(publisher.accepted < 20_000, 'the socket never filled')
    }
    await publisher.confirmed(publisher.accepted)
    await scene.consumer.received(publisher.accepted)
    assert.equal(publisher.blockedFor[0], 'socket')
  })

  test('holds publishers back at its memory limit and goes on when a consumer has made room', async () => {
    broker = await launchEmbedded({ memoryMegabytes: '4' })
    session = new ContractSession(stompWire, embeddedEndpoint(broker), {})
    const queue = await session.destination()
    const publisher = await session.publisher(queue, { inFlightMax: 100_000, bodyBytesMax: 65_536 })
    while (publisher.blockedFor.length === 0) {
      publisher.offer(65_536)
      if (publisher.accepted % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
      assert.ok(publisher.accepted < 5000, 'the broker took 300 MB')
    }
    const consumer = await session.consumer(queue)
    await publisher.confirmed(publisher.accepted)
    await consumer.received(publisher.accepted)
    assert.equal(publisher.unblocked, 1)
  })

  test('is stopped once and answers nothing afterwards', async () => {
    const stub = await launchEmbedded()
    await stub.stop()
    await stub.stop()
    await assert.rejects(() => stub.faultCounts(), { code: 'closed' })
    assert.equal(isRunning(stub.pid), false)
  })

  test('ends with the process that started it, however that ends', async () => {
    const launcher = import.meta.resolve('../../../src/broker/embedded/launch-embedded.js')
    const script = `const { launchEmbedded } = await import(${JSON.stringify(launcher)})
      console.log((await launchEmbedded()).pid)
      setInterval(() => undefined, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    assert.ok(isRunning(pid))
    parent.kill('SIGKILL')
    await allGone([pid])
  })
})

/** One that has ended and that nobody has asked after yet runs no more. */
function isRunning(pid: number): boolean {
  return (readProcessStat(pid)?.state ?? 'Z') !== 'Z'
}
