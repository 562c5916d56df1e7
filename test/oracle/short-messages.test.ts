/**
 * Messages of 16 bytes carry no time (method.md R2.6): in an open model the receiver makes it again from the schedule. The
 * same cell is run with messages of 1 KiB, which carry it: in virtual time both histograms must be equal, count by count.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CONSTANT_RATE } from '../support/open-load.ts'
import type { OpenLoad } from '../../src/workload/workload.ts'
import { runVirtualCell, type VirtualCell, type VirtualOutcome } from './virtual-cell.ts'

const STALL = { stallMs: '500', stallEveryMs: '5000' }

/** Rates begin with the measurement, so each of these has other slots in the warm-up than in it. */
const ARRIVALS: readonly OpenLoad['arrivals'][] = [
  { kind: 'constant' },
  { kind: 'poisson', seed: 7 },
  { kind: 'ramp', toPerSecond: 3_000 },
  {
    kind: 'steps',
    steps: [
      { ratePerSecond: 500, seconds: 2 },
      { ratePerSecond: 3_000.3, seconds: 1 },
    ],
  },
  { kind: 'trace', path: 'given' },
]

function loadOf(arrivals: OpenLoad['arrivals'], more: Partial<OpenLoad> = {}): OpenLoad {
  return { ...CONSTANT_RATE, arrivals, ratePerSecond: 2_000, inFlight: 1_000_000, ...more }
}

async function runBoth(cell: VirtualCell): Promise<{ readonly short: VirtualOutcome; readonly long: VirtualOutcome }> {
  return {
    short: await runVirtualCell({ ...cell, messageBytes: 16 }),
    long: await runVirtualCell({ ...cell, messageBytes: 1_024 }),
  }
}

async function assertSameResponse(cell: VirtualCell): Promise<VirtualOutcome> {
  const { short, long } = await runBoth(cell)
  assert.ok((long.latencyUs.endToEnd?.response?.count ?? 0) > 3_000)
  assert.deepEqual(short.latencies.endToEndResponse, long.latencies.endToEndResponse)
  assert.deepEqual(short.latencyUs.endToEnd?.response, long.latencyUs.endToEnd?.response)
  assert.equal(short.latencyUs.endToEnd?.service, null)
  assert.equal(short.totals.untimed, 0)
  return short
}

describe('R2.6: messages of 16 bytes have the response histogram of 1 KiB', () => {
  for (const arrivals of ARRIVALS) {
    const cell: VirtualCell = {
      load: loadOf(arrivals),
      faults: STALL,
      warmupSeconds: 2,
      measureSeconds: 5,
      traceUs: Float64Array.from({ length: 4_000 }, (_, message) => message * 1_200 + 300 * (message % 3)),
    }

    test(`with ${arrivals.kind} arrivals, from one producer through a stall of 500 ms`, async () => {
      const { latencyUs } = await assertSameResponse(cell)
      assert.ok((latencyUs.endToEnd?.response?.p99 ?? 0) > 300_000, 'the stall is in it')
    })

    test(`with ${arrivals.kind} arrivals, from 7 producers on 3 workers, each with a queue and a consumer of its own`, async () => {
      await assertSameResponse({ ...cell, producers: 7, consumers: 7, workers: 3 })
    })

    test(`with ${arrivals.kind} arrivals, from 5 producers to 3 competing consumers on 2 workers`, async () => {
      await assertSameResponse({ ...cell, producers: 5, consumers: 3, shared: true, workers: 2 })
    })
  }

  for (const arrivals of ARRIVALS.slice(0, 2)) {
    test(`with ${arrivals.kind} arrivals, where messages overtake each other, come twice or not at all`, async () => {
      const faults = { ...STALL, reorderEvery: '7', reorderBy: '50', duplicateEvery: '5', dropEvery: '11' }
      for (const crew of [{}, { producers: 5, consumers: 3, shared: true, workers: 2 }]) {
        const { totals } = await assertSameResponse({ load: loadOf(arrivals), faults, warmupSeconds: 1, ...crew })
        assert.ok(totals.late > 0 && totals.repeated > 0)
      }
    })

    test(`with ${arrivals.kind} arrivals, where what came due in the stall leaves late: in a burst, or at twice the rate`, async () => {
      for (const catchUp of [{ kind: 'burst' }, { kind: 'limited', factor: 2 }] as const) {
        const load = loadOf(arrivals, { inFlight: 1, catchUp })
        await assertSameResponse({ load, faults: STALL, producers: 4, consumers: 4, workers: 2 })
      }
    })
  }

  test('and counts a consumer whose clock is 2 ms behind as negative', async () => {
    const arrivals = { kind: 'poisson', seed: 7 } as const
    const { totals, latencyUs } = await runVirtualCell({
      load: loadOf(arrivals),
      messageBytes: 16,
      consumerClockAheadUs: -2_000,
    })
    assert.equal(totals.untimed, 0)
    assert.equal(latencyUs.endToEnd?.response?.negative, totals.delivered)
  })
})

describe('R2.6: messages of 16 bytes have no end-to-end latency', () => {
  test('in a closed model, which has no schedule', async () => {
    const { latencyUs } = await runVirtualCell({
      load: { model: 'closed', inFlight: 1 },
      messageBytes: 16,
      measureSeconds: 1,
      faults: { serviceMicros: '500' },
    })
    assert.equal(latencyUs.endToEnd, null)
    assert.ok((latencyUs.publish?.service?.count ?? 0) > 1_000)
  })

  test('where slots are skipped, so that the k-th message has not the k-th slot', async () => {
    const load = loadOf({ kind: 'constant' }, { inFlight: 1, catchUp: { kind: 'skip' } })
    const { latencyUs, totals } = await runVirtualCell({ load, messageBytes: 16, faults: STALL })
    assert.ok(totals.skipped > 0)
    assert.equal(latencyUs.endToEnd, null)
  })
})
