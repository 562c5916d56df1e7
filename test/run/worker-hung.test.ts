/** A thread of the generator that never answers again. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { loopback } from '../../src/driver/loopback/loopback.ts'
import { clockSince, newEpochNs } from '../../src/measure/clock.ts'
import type { CellResult } from '../../src/result/result.ts'
import { runCell } from '../../src/run/run-cell.ts'
import { ThreadPool } from '../../src/worker/crew.ts'
import { cellOf, MEMORY_ENDPOINT } from '../oracle/virtual-cell.ts'
import { HANGS_AT } from './hanging-worker.ts'

describe('a worker that hangs', () => {
  const threads = new ThreadPool(1, new URL('./hanging-worker.js', import.meta.url))
  after(() => threads.destroy())

  /** @param answerDeadlineMs absent: that of production. */
  async function resultOf(messagesPerProducer: number, answerDeadlineMs?: number): Promise<CellResult> {
    const cell = cellOf({ load: { model: 'closed', inFlight: 1 }, messagesPerProducer, measureSeconds: 0.1 })
    const epochNs = newEpochNs()
    const { result } = await runCell(
      {
        ...cell,
        phases: { ...cell.phases, measureSeconds: messagesPerProducer === HANGS_AT ? 0.1 : 600, drainSeconds: 0.1 },
      },
      {
        session: {
          target: { kind: 'loopback', label: 'loopback:', faults: {} },
          endpoint: MEMORY_ENDPOINT,
          consumerEndpoint: MEMORY_ENDPOINT,
          identity: { product: null, version: null },
          probe: null,
          cpuSource: 'not looked for',
          coLocated: true,
          end: () => Promise.resolve(),
        },
        driver: loopback,
        consumerDriver: loopback,
        threads,
        threadCount: 1,
        epochNs,
        clock: clockSince(epochNs),
        order: 1,
        payloadFile: null,
        traceUs: null,
        ...(answerDeadlineMs === undefined ? {} : { answerDeadlineMs }),
        floor: null,
        signal: new AbortController().signal,
        onInterval: () => undefined,
      },
    )
    return result
  }

  test('fails its cell when the time for an answer is up, and the next cell has a fresh thread', async () => {
    const hung = await resultOf(HANGS_AT, 300)
    assert.deepEqual([hung.verdict.kind, hung.latencyUs, hung.integrity], ['failed', null, null])
    assert.deepEqual(hung.verdict.reasons, [
      { code: 'worker-hung', text: 'a worker did not answer within 0.3 s', figure: null, limit: null },
    ])
    assert.equal(threads.renewals, 1)
    const next = await resultOf(50)
    assert.deepEqual([next.integrity?.received, next.verdict.reasons], [50, []])
    assert.equal(threads.renewals, 1)
  })
})
