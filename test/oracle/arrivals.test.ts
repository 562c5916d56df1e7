/** Load models against oracles of queueing theory and against the stub, in virtual time. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CONSTANT_RATE } from '../support/open-load.ts'
import type { OpenLoad } from '../../src/workload/workload.ts'
import { runVirtualCell } from './virtual-cell.ts'

function assertWithin(actual: number | null | undefined, expected: number, share: number): void {
  assert.ok(
    typeof actual === 'number' && Math.abs(actual - expected) <= expected * share,
    `${String(actual)}, not ${expected}`,
  )
}

describe('R1.3: a single server of 500 us at 1,600/s (rho 0.8)', () => {
  const load: OpenLoad = { ...CONSTANT_RATE, ratePerSecond: 1_600, inFlight: 1_000_000 }
  const faults = { serviceMicros: '500' }

  test('answers a metronome in 0.5 ms', async () => {
    const { latencyUs } = await runVirtualCell({ load, faults, measureSeconds: 60 })
    assertWithin(latencyUs.publish?.response?.mean, 500, 0.05)
  })

  test('answers Poisson arrivals in 1.5 ms (M/D/1), from one producer and from ten on three workers', async () => {
    const arrivals = { kind: 'poisson', seed: 5 } as const
    for (const crew of [{}, { producers: 10, consumers: 10, shared: true, workers: 3 }]) {
      // 240,000 messages: the sampling error of the mean is 1 %.
      const { latencyUs, totals } = await runVirtualCell({
        load: { ...load, arrivals },
        faults,
        measureSeconds: 150,
        ...crew,
      })
      assertWithin(totals.offered, 240_000, 0.01)
      assertWithin(latencyUs.publish?.response?.mean, 1_500, 0.05)
    }
  })
})

describe('rates that change', () => {
  test('of steps, a ramp and a trace are sent exactly, after a warm-up at the first rate', async () => {
    const cases: readonly [OpenLoad['arrivals'], number][] = [
      [{ kind: 'ramp', toPerSecond: 3_000 }, 10_000],
      [
        {
          kind: 'steps',
          steps: [
            { ratePerSecond: 1_000, seconds: 2 },
            { ratePerSecond: 500, seconds: 1 },
          ],
        },
        3_500,
      ],
      [{ kind: 'trace', path: 'given' }, 4],
    ]
    for (const [arrivals, offered] of cases) {
      const { totals } = await runVirtualCell({
        load: { ...CONSTANT_RATE, arrivals, ratePerSecond: 1_000, inFlight: 1_000_000 },
        traceUs: Float64Array.of(0, 1e6, 1e6, 4.999e6),
        producers: 3,
        consumers: 3,
        workers: 2,
        warmupSeconds: 2,
        measureSeconds: 5,
      })
      assert.equal(totals.offeredMeasured, offered, arrivals.kind)
      assert.equal(totals.offered, offered + 2_000)
      assert.equal(totals.delivered, offered + 2_000)
    }
  })
})

describe('R1.4: after a stall of 500 ms through a window of 1', () => {
  const load: OpenLoad = { ...CONSTANT_RATE, ratePerSecond: 1_000, inFlight: 1 }
  const faults = { stallMs: '500', stallEveryMs: '5000' }

  test('a burst sends all that came due at once', async () => {
    const { totals, latencyUs } = await runVirtualCell({ load, faults })
    assert.equal(totals.skipped, 0)
    assert.equal(totals.sent, 5_000)
    assertWithin(latencyUs.publish?.response?.max, 500_000, 0.01)
    assertWithin(latencyUs.publish?.response?.mean, 25_000, 0.08)
  })

  test('skipping leaves out what comes due behind a waiting message, and counts it', async () => {
    const { totals } = await runVirtualCell({ load, faults: { ...faults } })
    const skipping = await runVirtualCell({ load: { ...load, catchUp: { kind: 'skip' } }, faults })
    assertWithin(skipping.totals.skipped, 498, 0.01)
    assert.equal(skipping.totals.sent + skipping.totals.skipped, totals.sent)
    assert.equal(skipping.reconciliation.missing, 0)
  })

  test('catching up at twice the rate takes as long again as the stall', async () => {
    const { totals, latencyUs } = await runVirtualCell({
      load: { ...load, catchUp: { kind: 'limited', factor: 2 } },
      faults,
    })
    assert.equal(totals.sent, 5_000)
    assert.equal(totals.skipped, 0)
    // 500 waiting messages leave at 2,000/s while 1,000/s more come due: half a second of delays that fall to zero.
    assertWithin(latencyUs.publish?.response?.mean, 50_000, 0.08)
    assert.ok((latencyUs.sendLag?.generator.max ?? Infinity) < 1_000)
  })

  test("catching up slowly is our own lag where we stood still, and the broker's where it held us back", async () => {
    const { totals, latencyUs } = await runVirtualCell({
      load: { ...load, inFlight: 1_000_000, catchUp: { kind: 'limited', factor: 2 } },
      busy: { forMs: 500, everyMs: 1_000, onlySecond: 2 },
    })
    assert.equal(totals.sent, 5_000)
    assertWithin(latencyUs.sendLag?.generator.mean, 50_000, 0.08)
    assert.equal(latencyUs.sendLag?.blocked.max, 0)
  })
})
