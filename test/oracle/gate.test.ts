/** The gate on whole cells in virtual time (method.md R1.1, R1.5, R1.6): loops, recorders and verdict of production. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CellResult } from '../../src/result/result.ts'
import { reportDocument } from '../../src/report/document.ts'
import { result } from '../report/result-builder.ts'
import { CONSTANT_RATE } from '../support/open-load.ts'
import { runVirtualCell, type VirtualCell } from './virtual-cell.ts'
import { recordOf } from './virtual-record.ts'

const LOAD = { ...CONSTANT_RATE, ratePerSecond: 1_000, inFlight: 1_000_000 } as const
const SERVICE = { serviceMicros: '60' }

async function recorded(wish: Partial<VirtualCell>): Promise<CellResult> {
  return recordOf(await runVirtualCell({ load: LOAD, faults: SERVICE, ...wish }))
}

function codesOf({ verdict }: CellResult): readonly string[] {
  return verdict.reasons.map(({ code }) => code)
}

describe('R1.5: a cell', () => {
  test('whose generator computes for 50 ms of every 500 is invalid by its lag, of the whole cell and of each second', async () => {
    const cell = await recorded({ measureSeconds: 20, busy: { forMs: 50, everyMs: 500 } })
    assert.equal(cell.verdict.kind, 'invalid')
    assert.deepEqual([...new Set(codesOf(cell))], ['generator-lag'])
    assert.match(cell.verdict.reasons.at(-1)?.text ?? '', /in 20 of 20 measured seconds .* hold 100 % of the messages/)
  })

  test('that the broker holds back for 500 ms of every 5 s is valid, second by second', async () => {
    const faults = { stallMs: '500', stallEveryMs: '5000' }
    const cell = await recorded({ load: { ...LOAD, inFlight: 1 }, measureSeconds: 20, faults })
    assert.equal(cell.verdict.kind, 'valid')
    assert.ok(cell.verdict.checks.includes('seconds'))
    assert.ok(!codesOf(cell).includes('generator-lag'))
  })
})

describe('R1.6: a generator that is late in exactly one second', () => {
  const late = { forMs: 50, everyMs: 500 }

  test('of twenty makes the cell invalid, and the reason names the second', async () => {
    const cell = await recorded({ measureSeconds: 20, busy: { ...late, onlySecond: 7 } })
    assert.equal(cell.verdict.kind, 'invalid')
    assert.deepEqual([...new Set(codesOf(cell))], ['generator-lag'])
    assert.match(
      cell.verdict.reasons.at(-1)?.text ?? '',
      /in 1 of 20 measured seconds \(at 8 s\): 4\d\.\d ms at p99 at worst/,
    )
  })

  test('with a few messages, of which the whole cell knows nothing, is found by that second', async () => {
    const cell = await recorded({ measureSeconds: 20, busy: { forMs: 12, everyMs: 1_000, onlySecond: 7 } })
    const lag = cell.latencyUs?.sendLag?.generator
    assert.deepEqual([lag?.p99, lag?.p999], [0, 0])
    assert.equal(cell.verdict.kind, 'invalid')
    assert.deepEqual(codesOf(cell), ['generator-lag'])
  })

  test('of 1,200 leaves the cell valid, its p99 as it was, and withholds p99.9 and p99.99', async () => {
    const cell = await recorded({
      load: { ...LOAD, ratePerSecond: 400 },
      measureSeconds: 1_200,
      busy: { ...late, onlySecond: 600 },
    })
    assert.equal(cell.verdict.kind, 'valid')
    assert.deepEqual(codesOf(cell), ['tail-withheld'])
    assert.match(
      cell.verdict.reasons[0]?.text ?? '',
      /^withheld: p99\.9, p99\.99\. the generator itself sent late in 1 of 1200/,
    )
    const response = cell.latencyUs?.endToEnd?.response
    assert.deepEqual([response?.p99 === null, response?.p999, response?.p9999], [false, null, null])
  })

  test('of none leaves everything as it is', async () => {
    const cell = await recorded({ measureSeconds: 20 })
    assert.equal(cell.verdict.kind, 'valid')
    assert.deepEqual(codesOf(cell), [])
    assert.ok(cell.verdict.checks.includes('seconds'))
  })
})

describe('R1.8: an offered rate', () => {
  const beyond = { load: { ...LOAD, ratePerSecond: 6_000 }, measureSeconds: 12 }

  test('of 6,000/s at a stub of 5,000/s is unsustainable, and has no percentiles in the result or in the report', async () => {
    const cell = await recorded({ ...beyond, faults: { capacityPerSecond: '5000' } })
    assert.equal(cell.verdict.kind, 'unsustainable')
    assert.deepEqual(codesOf(cell), ['unsustainable-rate'])
    assert.match(cell.verdict.reasons[0]?.text ?? '', /grew by (99\d|100\d) messages each second at an offered 6000/)
    for (const pair of [cell.latencyUs?.endToEnd, cell.latencyUs?.publish]) {
      for (const latency of [pair?.response, pair?.service]) {
        const { count, mean, p50, p90, p99, p999, p9999, max } = latency ?? assert.fail('no latency')
        assert.deepEqual([mean, p50, p90, p99, p999, p9999, max], Array(7).fill(null))
        assert.ok(count > 0)
      }
    }
    const table = reportDocument(result([cell]), null).cells[0] ?? assert.fail('no table')
    const labels = table.columns.map(({ label }) => label)
    assert.ok(!labels.some((label) => /^(p\d|max)/.test(label)), labels.join(' '))
    assert.ok(table.remarks.some((remark) => remark.includes('Above capacity a latency only says for how long')))
  })

  test('of 4,900/s at a stub of 5,000/s is not', async () => {
    const load = { ...LOAD, ratePerSecond: 4_900 }
    const cell = await recorded({ ...beyond, load, faults: { capacityPerSecond: '5000' } })
    assert.equal(cell.verdict.kind, 'valid')
    assert.notEqual(cell.latencyUs?.endToEnd?.response?.p99 ?? null, null)
  })

  test('that a window holds back so far that no measured message ever left is the broker’s limit, not the generator’s', async () => {
    const load = { ...LOAD, ratePerSecond: 5_000, inFlight: 10 }
    const faults = { capacityPerSecond: '100' }
    const { totals, ...outcome } = await runVirtualCell({ load, warmupSeconds: 5, measureSeconds: 12, faults }, 5)
    assert.equal(totals.offered, 5_000 * 17)
    const cell = recordOf({ totals, ...outcome })
    assert.equal(cell.verdict.kind, 'unsustainable')
    assert.deepEqual([...new Set(codesOf(cell))], ['unsustainable-rate'])
    assert.match(
      cell.verdict.reasons[0]?.text ?? '',
      /^8\d{4} of 85000 scheduled messages never left because the broker/,
    )
  })

  test('that the generator has no time to send is the generator’s limit, and nothing is said of the broker', async () => {
    const load = { ...LOAD, ratePerSecond: 5_000 }
    const cell = await recorded({ load, measureSeconds: 12, busy: { forMs: 12_500, everyMs: 100_000 } })
    assert.equal(cell.verdict.kind, 'invalid')
    const texts = cell.verdict.reasons.map(({ text }) => text).join('; ')
    assert.doesNotMatch(texts, /the broker does not carry|above what it carries|broker held/)
  })
})

describe('R1.1: the stall through a window of 32', () => {
  test('is called coordinated in the rendered verdict, with the ratio of the two percentiles', async () => {
    const faults = { ...SERVICE, stallMs: '500', stallEveryMs: '5000' }
    const cell = await recorded({ load: { ...LOAD, ratePerSecond: 2_000, inFlight: 32 }, faults })
    assert.equal(cell.verdict.kind, 'valid')
    const notes = reportDocument(result([cell]), null).cells.flatMap((table) => table.notes)
    const said = notes.find((note) => note.includes('coordinated')) ?? assert.fail('not said')
    const ratio = Number(/^Valid: coordinated: response\/service p99 ratio (\d+)x: /.exec(said)?.[1])
    // 456 ms over the 1.9 ms of a full window (docs/method/stall.md); the method's prototype had 167.
    assert.ok(ratio > 200 && ratio < 260, said)
    assert.match(said, /p99 is 45\d\.\d ms .* would have said 1\.9\d ms/)
  })
})
