/**
 * The stall stub (method.md R1.1): one freeze of D = 500 ms in T seconds at 2,000 msg/s. Analytic for a constant open
 * load: Q(q) = D - (1 - q) T, mean = D^2 / 2T. In virtual time, so the figures are exact up to the histogram's buckets.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CONSTANT_RATE } from '../support/open-load.ts'
import { runVirtualCell } from './virtual-cell.ts'

const RATE = 2_000
const STALL = { stallMs: '500' }
/** The stub takes a little for each message, so that time passes in a closed loop. */
const SERVICE = { serviceMicros: '60' }

function assertWithin(actual: number | null | undefined, expected: number, share: number, what: string): void {
  assert.ok(actual !== null && actual !== undefined, `${what} is missing`)
  assert.ok(
    Math.abs(actual - expected) <= expected * share,
    `${what} = ${actual} us, expected ${expected} +/- ${share * 100} %`,
  )
}

describe('a stall of 500 ms', () => {
  for (const { everySeconds, p99Us } of [
    { everySeconds: 5, p99Us: 450_000 },
    { everySeconds: 10, p99Us: 400_000 },
    { everySeconds: 20, p99Us: 300_000 },
  ]) {
    test(`once in ${everySeconds} s is a response p99 of ${p99Us / 1_000} ms in an open model`, async () => {
      const { latencyUs } = await runVirtualCell({
        load: { ...CONSTANT_RATE, ratePerSecond: RATE, inFlight: 1_000_000 },
        measureSeconds: everySeconds,
        faults: { ...STALL, stallEveryMs: String(everySeconds * 1_000) },
      })
      const response = latencyUs.endToEnd?.response
      assertWithin(response?.p99, p99Us, 0.02, 'p99')
      assertWithin(response?.p999, 500_000 - everySeconds * 1_000, 0.02, 'p99.9')
      assertWithin(response?.mean, (0.25 / (2 * everySeconds)) * 1e6, 0.08, 'mean')
      assertWithin(latencyUs.publish?.response?.p99, p99Us, 0.02, 'publish p99')
    })
  }

  test('is the same response p99 through an in-flight window of 32, while the service p99 hides it', async () => {
    const { latencyUs } = await runVirtualCell({
      load: { ...CONSTANT_RATE, ratePerSecond: RATE, inFlight: 32 },
      faults: { ...STALL, ...SERVICE, stallEveryMs: '5000' },
    })
    assertWithin(latencyUs.endToEnd?.response?.p99, 450_000, 0.02, 'response p99')
    const service = latencyUs.endToEnd?.service?.p99 ?? Infinity
    assert.ok(service < 10_000, `service p99 = ${service} us`)
    // Less than the response: the first 32 messages of the stall (16 ms) still left at once.
    assertWithin(latencyUs.sendLag?.blocked.p99, 450_000 - 16_000, 0.02, 'blocked lag p99')
    assert.equal(latencyUs.sendLag?.generator.max, 0)
  })

  test('is invisible to a closed model with one message in flight: p99 under 1 ms and no response latency', async () => {
    const { latencyUs, totals } = await runVirtualCell({
      load: { model: 'closed', inFlight: 1 },
      faults: { ...STALL, ...SERVICE, stallEveryMs: '5000' },
    })
    assert.equal(latencyUs.endToEnd?.response, null)
    assert.equal(latencyUs.sendLag, null)
    const service = latencyUs.endToEnd.service ?? assert.fail('no end-to-end latency')
    assert.ok((service.p99 ?? Infinity) < 1_000, `service p99 = ${String(service.p99)} us`)
    assert.ok((service.max ?? 0) > 499_000, 'the one message that met the stall is in the maximum')
    assert.ok(totals.sentMeasured > 50_000)
  })

  test('of a broker that stops reading is blocked lag, not generator lag', async () => {
    const { latencyUs } = await runVirtualCell({
      load: { ...CONSTANT_RATE, ratePerSecond: RATE, inFlight: 1 },
      faults: { ...STALL, stallEveryMs: '5000' },
    })
    assert.ok((latencyUs.sendLag?.blocked.p99 ?? 0) > 400_000)
    assert.ok((latencyUs.sendLag?.generator.p99 ?? Infinity) < 2_000)
  })
})
