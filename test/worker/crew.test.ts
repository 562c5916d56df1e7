import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, describe, test } from 'node:test'
import { clockSince, newEpochNs } from '../../src/measure/clock.ts'
import { allocateMeasurements, countersOf } from '../../src/measure/shared-measurements.ts'
import { totalCounters } from '../../src/measure/counters.ts'
import { tasksOf } from '../../src/run/cell-plan.ts'
import { Crew, CrewError, ThreadPool, type CrewTask } from '../../src/worker/crew.ts'
import { cellOf, MEMORY_ENDPOINT } from '../oracle/virtual-cell.ts'

const THREADS = 2
/** By count: a thread that is held up at the start would send nothing in a short time. */
const MESSAGES_PER_PRODUCER = 1_000
const never = new AbortController().signal

describe('a crew', () => {
  const pool = new ThreadPool(THREADS)
  after(() => pool.destroy())

  function tasks(epochNs: bigint, memories: SharedArrayBuffer[]): readonly CrewTask[] {
    const load = { model: 'closed', inFlight: 2 } as const
    const cell = cellOf({ load, producers: 3, consumers: 3, messagesPerProducer: MESSAGES_PER_PRODUCER })
    const allocate = () => {
      const memory = allocateMeasurements()
      memories.push(memory)
      return memory
    }
    const ends = { endpoint: MEMORY_ENDPOINT, consumerEndpoint: MEMORY_ENDPOINT }
    return tasksOf(cell, {
      ...ends,
      threads: THREADS,
      headerRun: 9,
      epochNs,
      payloadFile: null,
      traceUs: null,
      allocate,
    })
  }

  test('connects on all threads, starts at one instant, and its ledgers and counters agree', async () => {
    const epochNs = newEpochNs()
    const memories: SharedArrayBuffer[] = []
    const crew = new Crew(pool.pool, tasks(epochNs, memories))
    await crew.connected(never)
    const startUs = clockSince(epochNs).nowUs() + 20_000
    crew.start({ startUs, measureFromUs: startUs, measureToUs: startUs + 600e6 })
    const total = () => totalCounters(memories.map(countersOf))
    while (total().producersDone < 3 || total().delivered < total().sent) {
      assert.equal(crew.failure, null)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const ledgers = await crew.ledgers()
    assert.equal(ledgers.length, THREADS)
    const producers = ledgers.flatMap((ledger) => ledger.producers)
    assert.deepEqual(producers.map(({ producer }) => producer).sort(), [0, 1, 2])
    assert.equal(
      producers.reduce((sum, { attempted }) => sum + attempted, 0),
      total().sent,
    )
    assert.equal(total().sent, 3 * MESSAGES_PER_PRODUCER)
    assert.equal((await crew.close()).length, THREADS)
  })

  test('that is interrupted while it connects waits for no further connection', async () => {
    const interrupt = new AbortController()
    const [most] = tasks(newEpochNs(), []).filter(({ share }) => share.consumers.length > 1)
    assert.ok(most !== undefined)
    // Its second connection would be opened in ten minutes, and until then it says nothing.
    const crew = new Crew(pool.pool, [{ ...most, connectionsPerSecond: 1 / 600 }])
    const connected = crew.connected(interrupt.signal).then(() => 'given up' as const)
    interrupt.abort()
    const answer = await Promise.race([connected, sleep(60_000, 'still waiting', { ref: false })])
    const ends = await crew.close()
    assert.deepEqual([answer, ends.length], ['given up', 1])
  })

  test('a worker that dies fails the cell with its own error, and the pool serves the next cell', async () => {
    const epochNs = newEpochNs()
    const endpoint = { ...MEMORY_ENDPOINT, protocol: 'openwire' } as const
    const unbuilt = { client: 'library', endpoint, destinations: [] } as const
    const broken = tasks(epochNs, []).map((task) => ({ ...task, producerEnd: unbuilt, consumerEnd: unbuilt }))
    const crew = new Crew(pool.pool, broken)
    await assert.rejects(
      crew.connected(never),
      (error) =>
        error instanceof CrewError && error.code === 'worker-died' && error.message.includes('no driver for openwire'),
    )
    await crew.close()
    const next = new Crew(pool.pool, tasks(epochNs, []))
    await next.connected(never)
    assert.equal((await next.close()).length, THREADS)
  })
})
