/** R5.6 in an open model, in virtual time: what is in flight is the rate times the latency, and a clock that lies is found. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isResolved, lawHolds, type LittleCheck } from '../../src/measure/statistics/littles-law.ts'
import type { Arrivals, Load } from '../../src/workload/workload.ts'
import { CONSTANT_RATE } from '../support/open-load.ts'
import { runVirtualCell, type VirtualCell } from './virtual-cell.ts'
import { recordOf } from './virtual-record.ts'

/** The product's broker stands still for 500 ms every 5 s; 200 us for each message else. */
const STALL = { stallMs: '500', stallEveryMs: '5000', serviceMicros: '200' }

function open(arrivals: Arrivals, ratePerSecond = 2_000, inFlight = 100_000): Load {
  return { ...CONSTANT_RATE, arrivals, ratePerSecond, inFlight }
}

const CONSTANT = open({ kind: 'constant' })

async function checkOf(wish: Omit<VirtualCell, 'load'> & { readonly load?: Load }): Promise<LittleCheck> {
  const { flight } = await runVirtualCell({ load: CONSTANT, measureSeconds: 10, ...wish })
  return flight ?? assert.fail('the law says nothing')
}

function assertExact(check: LittleCheck): void {
  const { deviation, uncertainty } = check
  const text = `${deviation}, known to ${uncertainty}`
  assert.ok(Math.abs(deviation) < 0.01, text)
  assert.ok(isResolved(check) && lawHolds(check), text)
}

describe("R5.6: Little's law in an open model", () => {
  const arrivals: readonly Arrivals[] = [
    { kind: 'constant' },
    { kind: 'poisson', seed: 7 },
    { kind: 'ramp', toPerSecond: 3_500 },
    { kind: 'steps', steps: [2_000, 500, 3_500].map((ratePerSecond) => ({ ratePerSecond, seconds: 4 })) },
  ]
  for (const kind of arrivals) {
    test(`R5.6 holds through stalls of 500 ms in 5 s, with arrivals by ${kind.kind}`, async () => {
      const check = await checkOf({ load: open(kind), warmupSeconds: 2, faults: STALL })
      assertExact(check)
      assert.equal(check.limit, 0.1)
      assert.ok(check.readings >= 1_000)
    })

    test(`R5.6 holds above capacity, where messages wait for seconds, with arrivals by ${kind.kind}`, async () => {
      const check = await checkOf({ load: open(kind), faults: { capacityPerSecond: '1500' } })
      assertExact(check)
      assert.ok(check.latencyMeanUs > 500_000)
    })

    test(`R5.6 holds where messages come and go between two readings, with arrivals by ${kind.kind}`, async () => {
      const check = await checkOf({ load: open(kind, 1_000), measureSeconds: 60, faults: { serviceMicros: '250' } })
      assert.ok(isResolved(check) && lawHolds(check))
      assert.ok(Math.abs(check.deviation) < check.uncertainty, `${check.deviation}, known to ${check.uncertainty}`)
    })
  }

  test('R5.6 one reading a second is off by more than 10 %, where seeded random moments are not, whatever the seed', async () => {
    const wish = { load: CONSTANT, measureSeconds: 10, faults: STALL }
    const { recorder, flight } = await runVirtualCell(wish)
    const expected = flight?.expectedInFlight ?? assert.fail('the law says nothing')
    const backlog = recorder.intervals.map((second) => second.backlog)
    const bySecond = backlog.reduce((sum, waiting) => sum + waiting, 0) / backlog.length
    assert.ok(Math.abs(bySecond - expected) > 0.1 * expected, `${bySecond} by the second, ${expected} expected`)
    for (let lookSeed = 2; lookSeed < 12; lookSeed++) assertExact(await checkOf({ ...wish, lookSeed }))
  })

  test('holds for confirms where nothing consumes, for several producers, workers and transactions', async () => {
    assertExact(await checkOf({ consumers: 0, faults: STALL }))
    assertExact(await checkOf({ producers: 4, consumers: 4, workers: 2, faults: STALL }))
    assertExact(await checkOf({ producers: 2, consumers: 3, shared: true, faults: STALL }))
    assertExact(await checkOf({ transactionMessages: 50, faults: STALL }))
    assertExact(await checkOf({ confirm: false, faults: STALL }))
  })

  test('holds where a cap holds producers back, and for what comes twice', async () => {
    assertExact(await checkOf({ load: open({ kind: 'constant' }, 2_000, 600), faults: STALL }))
    assertExact(await checkOf({ faults: { ...STALL, duplicateEvery: '10' } }))
  })

  test('leaves open how long the first messages had been flying, where the measured time begins in a stall', async () => {
    const check = await checkOf({ warmupSeconds: 2.8, measureSeconds: 3, faults: STALL })
    assert.ok(check.uncertainty > 0.1, String(check.uncertainty))
    assert.ok(Math.abs(check.deviation) <= check.uncertainty, `${check.deviation}, known to ${check.uncertainty}`)
  })

  test('holds for a trace that sends crowds which no reading need meet', async () => {
    const traceUs = Float64Array.from({ length: 4_000 }, (_, message) => Math.floor(message / 400) * 1e6)
    const load = open({ kind: 'trace', path: 'crowds' })
    for (let lookSeed = 1; lookSeed < 12; lookSeed++) {
      const check = await checkOf({ load, traceUs, lookSeed, faults: { serviceMicros: '10' } })
      assert.ok(Math.abs(check.deviation) <= check.uncertainty, `${check.deviation}, known to ${check.uncertainty}`)
    }
  })

  test('says nothing of a closed model, of lost messages, and of messages without a time', async () => {
    const flightOf = async (wish: VirtualCell) => (await runVirtualCell({ measureSeconds: 3, ...wish })).flight
    assert.equal(await flightOf({ load: { model: 'closed', inFlight: 5 }, faults: STALL }), null)
    assert.equal(await flightOf({ load: CONSTANT, faults: { ...STALL, dropEvery: '500' } }), null)
    assert.equal(await flightOf({ load: CONSTANT, messageBytes: 16, confirm: false, faults: STALL }), null)
    assert.equal(await flightOf({ load: CONSTANT, consumers: 0, confirm: false, faults: STALL }), null)
  })

  test('R5.6 finds latencies that have 10 ms too many, or lack 10 ms, and no cell of a true clock', async () => {
    const verdictOf = async (consumerClockAheadUs: number) => {
      const faults = { capacityPerSecond: '2500', stallMs: '400', stallEveryMs: '2000' }
      const { verdict, littlesLaw } = recordOf(
        await runVirtualCell({ load: CONSTANT, warmupSeconds: 1, measureSeconds: 9, consumerClockAheadUs, faults }),
      )
      return { kind: verdict.kind, codes: verdict.reasons.map(({ code }) => code), littlesLaw, verdict }
    }
    const honest = await verdictOf(0)
    assert.ok(honest.verdict.checks.includes('littles-law'))
    assert.ok(!honest.codes.includes('littles-law'))
    const latencyUs = honest.littlesLaw?.latencyMeanUs ?? 0
    const much = Math.round(latencyUs * 0.4)
    const ahead = await verdictOf(much)
    assert.equal(ahead.kind, 'invalid')
    assert.ok(ahead.codes.includes('littles-law'))
    const little = await verdictOf(Math.round(latencyUs * 0.05))
    assert.ok(!little.codes.includes('littles-law'))
    assert.ok((little.littlesLaw?.deviation ?? 0) < -0.03)
  })
})
