/** R3.7 through the result: sentinels of simulated matrices, with and without a step of 5 %. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withConclusions } from '../../src/result/conclusions.ts'
import { sentinelsOf } from '../../src/result/sentinels.ts'
import type { CellResult, Interval, PriorVariation, Result } from '../../src/result/result.ts'
import { UNMONITORED } from '../../src/result/unmonitored.ts'
import { SeededRandom } from '../../src/workload/seeded-random.ts'
import { aCell, aHeader } from './result-builder.ts'

const TRIALS = 400
/** Cells of a block, its three sentinels among them. */
const BLOCK = 9
const SENTINELS: Readonly<Record<number, 'start' | 'middle' | 'end'>> = { 0: 'start', 4: 'middle', 8: 'end' }

interface Campaign {
  readonly repetitions: number
  /** Between cells of the same point, a share. */
  readonly cv: number
  /** Cells, counted over the campaign, from which on everything is 5 % slower; null: nothing ever is. */
  readonly stepAt: number | null
  /** Between the seconds of a cell, a share; null: cells without seconds. */
  readonly secondsCv?: number
}

function cellsOf({ repetitions, cv, stepAt, secondsCv }: Campaign, random: SeededRandom): CellResult[] {
  return Array.from({ length: repetitions * BLOCK }, (_, at) => {
    const place = at % BLOCK
    const repetition = Math.floor(at / BLOCK) + 1
    const sentinel = SENTINELS[place] ?? null
    const level = 1_000 * (stepAt !== null && at >= stepAt ? 0.95 : 1)
    const seconds =
      secondsCv === undefined ? [] : Array.from({ length: 30 }, () => level * (1 + secondsCv * random.normal()))
    const mean = seconds.reduce((sum, rate) => sum + rate, 0) / seconds.length
    const perSecond = secondsCv === undefined ? level * (1 + cv * random.normal()) : mean
    const suffix = `${repetition > 1 ? `-r${repetition}` : ''}${sentinel === null ? '' : `-sentinel-${sentinel}`}`
    return aCell(`${sentinel === null ? `c${place}` : 'c1'}${suffix}`, {
      sentinel,
      repetition,
      order: at + 1,
      axes: { messageBytes: sentinel === null ? 1_000 + place : 1_001, producers: 1, consumers: 1 },
      throughput: {
        offeredPerSecond: null,
        sentPerSecond: perSecond,
        confirmedPerSecond: perSecond,
        deliveredPerSecond: perSecond,
        deliveredMegabytesPerSecond: null,
      },
      intervals: seconds.map(secondOf),
    })
  })
}

function secondOf(delivered: number, index: number): Interval {
  const unknown = { p50Us: null, p99Us: null, maxUs: null, brokerCpuPercent: null, generatorCpuPercent: null }
  const counts = { sent: delivered, confirmed: delivered, delivered, backlog: 0 }
  return { ...UNMONITORED, phase: 'measure', atSeconds: index + 1, seconds: 1, ...counts, ...unknown }
}

function resultOf(cells: CellResult[], priorVariation: PriorVariation[] = []): Result {
  const result = { ...aHeader('r'), status: 'complete' as const, cells, points: [], sentinels: [], priorVariation }
  return withConclusions(result)
}

function history(cvOverRunsPercent: number): PriorVariation[] {
  return [{ pointId: 'c1', target: aCell('c1').target, runId: 'earlier', runs: 10, cvOverRunsPercent }]
}

function flagged(campaign: Campaign, prior: PriorVariation[] = []): number {
  const random = new SeededRandom(37)
  let drifted = 0
  for (let trial = 0; trial < TRIALS; trial++)
    if (sentinelsOf(cellsOf(campaign, random), prior)[0]?.drifted === true) drifted++
  return drifted / TRIALS
}

describe('R3.7: the sentinel of a whole result', () => {
  const steps = [
    ['in the middle of the campaign, between two sentinels', 2 * BLOCK + 6],
    ['in the middle of the campaign, between two repetitions', 3 * BLOCK],
    ['in the middle of the campaign, right before a sentinel', 2 * BLOCK + 4],
  ] as const
  for (const [where, stepAt] of steps) {
    test(`R3.7 five repetitions at CV 1 %: a step of 5 % ${where}, is flagged in at least 95 %`, () => {
      const share = flagged({ repetitions: 5, cv: 0.01, stepAt })
      assert.ok(share >= 0.95, String(share))
    })
  }

  test('R3.7 one repetition with a known CV of 0.7 %: a step of 5 % in the middle of the matrix is flagged in at least 95 %', () => {
    for (const stepAt of [2, 5]) {
      const share = flagged({ repetitions: 1, cv: 0.007, stepAt }, history(0.7))
      assert.ok(share >= 0.95, String(share))
    }
  })

  test('R3.7 one repetition judged by its own seconds: the same, where runs vary no more than seconds do', () => {
    const share = flagged({ repetitions: 1, cv: 0, secondsCv: 0.03, stepAt: 5 })
    assert.ok(share >= 0.95, String(share))
  })

  test('a machine that stays the same is flagged in at most 6 %', () => {
    const shares = [
      flagged({ repetitions: 5, cv: 0.01, stepAt: null }),
      flagged({ repetitions: 2, cv: 0.01, stepAt: null }),
      flagged({ repetitions: 1, cv: 0.007, stepAt: null }, history(0.7)),
      flagged({ repetitions: 1, cv: 0, secondsCv: 0.03, stepAt: null }),
    ]
    for (const share of shares) assert.ok(share <= 0.06, shares.join(', '))
  })

  test('marks every point of its target, and is a caution', () => {
    const drifted = resultOf(cellsOf({ repetitions: 5, cv: 0.005, stepAt: 22 }, new SeededRandom(1)))
    assert.equal(drifted.points.length, BLOCK - 3)
    assert.ok(drifted.points.every(({ flags }) => flags.some(({ code }) => code === 'drifted')))
    assert.equal(drifted.cautions.length, 1)
    assert.match(
      drifted.cautions[0] ?? '',
      /^Drifted .*stomp:.*the sentinel moved by \d\.\d % .*more than the \d\.\d %/,
    )
    assert.deepEqual(withConclusions(drifted), drifted, 'and is so only once')
    const calm = resultOf(cellsOf({ repetitions: 5, cv: 0.005, stepAt: null }, new SeededRandom(1)))
    assert.deepEqual([calm.sentinels[0]?.drifted, calm.cautions], [false, []])
    assert.ok(calm.points.every(({ flags }) => flags.length === 0))
  })

  test('names where its variation is from: repetitions, else history, else its own seconds, else it is not judged', () => {
    const source = (campaign: Partial<Campaign>, prior: PriorVariation[]) => {
      const cells = cellsOf({ repetitions: 1, cv: 0.01, stepAt: null, ...campaign }, new SeededRandom(2))
      const [sentinel] = resultOf(cells, prior).sentinels
      return [sentinel?.cvSource, sentinel?.drifted === null]
    }
    assert.deepEqual(source({ repetitions: 2, secondsCv: 0.03 }, history(1)), ['repetitions', false])
    assert.deepEqual(source({ secondsCv: 0.03 }, history(1)), ['history', false])
    assert.deepEqual(source({ secondsCv: 0.03 }, []), ['own-seconds', false])
    assert.deepEqual(source({}, []), [null, true])
  })

  test('that is invalid does not count, and without one of the three places nothing is judged', () => {
    const cells = cellsOf({ repetitions: 1, cv: 0.01, stepAt: null }, new SeededRandom(3))
    const [first, ...others] = cells
    assert.ok(first !== undefined)
    const invalid = { ...first, verdict: { ...first.verdict, kind: 'invalid' as const } }
    const [sentinel] = resultOf([invalid, ...others], history(1)).sentinels
    assert.deepEqual([sentinel?.counted, sentinel?.startPerSecond, sentinel?.drifted], [2, [], null])
  })
})
