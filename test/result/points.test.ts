/** What the repetitions of a point say together: medians, intervals, variation, and who is left out. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { renderTerminal } from '../../src/report/terminal.ts'
import { pointIdOf, pointsOf } from '../../src/result/points.ts'
import type { CellResult, Interval, PointResult, Verdict } from '../../src/result/result.ts'
import { createRun, loadResult } from '../../src/result/store.ts'
import { UNMONITORED } from '../../src/result/unmonitored.ts'
import { SeededRandom } from '../../src/workload/seeded-random.ts'
import { ARRIVALS, sojournTimesUs, trueQuantileUs } from '../measure/statistics/single-server-queue.ts'
import { aCell, aHeader, aLatency, aPlan } from './result-builder.ts'
import { scratchFolder } from './scratch-folder.ts'

function second(delivered: number, changes: Partial<Interval> = {}): Interval {
  return {
    ...UNMONITORED,
    phase: 'measure',
    atSeconds: 1,
    seconds: 1,
    sent: delivered,
    confirmed: delivered,
    delivered,
    backlog: 0,
    p50Us: null,
    p99Us: null,
    maxUs: null,
    brokerCpuPercent: null,
    generatorCpuPercent: null,
    ...changes,
  }
}

/** One repetition that delivered `perSecond` in each of its seconds. */
function repetition(number: number, perSecond: number, changes: Partial<CellResult> = {}): CellResult {
  return aCell(number === 1 ? 'p' : `p-r${number}`, {
    repetition: number,
    throughput: {
      offeredPerSecond: null,
      sentPerSecond: perSecond,
      confirmedPerSecond: perSecond,
      deliveredPerSecond: perSecond,
      deliveredMegabytesPerSecond: null,
    },
    intervals: [second(perSecond), second(perSecond), second(perSecond / 10, { seconds: 0.1 })],
    ...changes,
  })
}

const invalid: Verdict = {
  kind: 'invalid',
  reasons: [{ code: 'generator-lag', text: 'late', figure: 9, limit: 5 }],
  checks: [],
}

function pointOf(cells: readonly CellResult[], environment = {}): PointResult {
  const points = pointsOf({ cells: [...cells], environment })
  const [only] = points
  assert.ok(only !== undefined && points.length === 1, `${points.length} points`)
  return only
}

describe('A point', () => {
  test('has the median of its repetitions, their range, and the interval that their number allows', () => {
    const rates = [100, 104, 102, 98, 101, 110]
    const of = (count: number) =>
      pointOf(rates.slice(0, count).map((rate, index) => repetition(index + 1, rate))).throughputPerSecond
    assert.deepEqual(of(1), {
      median: 100,
      lowest: 100,
      highest: 100,
      runs: 1,
      cvOverRunsPercent: null,
      interval: null,
    })
    const five = of(5)
    assert.deepEqual([five?.median, five?.lowest, five?.highest], [101, 98, 104])
    assert.deepEqual(
      [2, 3, 4, 5].map((runs) => of(runs)?.interval),
      [
        { low: 100, high: 104, confidencePercent: 50, method: 'order-statistics' },
        { low: 100, high: 104, confidencePercent: 75, method: 'order-statistics' },
        { low: 98, high: 104, confidencePercent: 87.5, method: 'order-statistics' },
        { low: 98, high: 104, confidencePercent: 93.75, method: 'order-statistics' },
      ],
    )
    assert.deepEqual(of(6)?.interval, {
      low: 98,
      high: 110,
      confidencePercent: 96.875,
      method: 'order-statistics',
    })
  })

  test('R7.6 leaves out what is invalid, failed or interrupted, and says so: nothing is chosen by its figure', () => {
    const failed: Verdict = { kind: 'failed', reasons: [], checks: [] }
    const point = pointOf([
      repetition(1, 100),
      repetition(2, 900, { verdict: invalid }),
      repetition(3, 102),
      repetition(4, 0, { verdict: failed, throughput: null, latencyUs: null, intervals: [] }),
      repetition(5, 98, { verdict: { ...failed, kind: 'not-steady' } }),
    ])
    assert.equal(point.id, 'p')
    assert.equal(point.counted, 3)
    assert.deepEqual(point.cellIds, ['p', 'p-r2', 'p-r3', 'p-r4', 'p-r5'])
    assert.deepEqual(point.leftOut, [
      { cellId: 'p-r2', verdict: 'invalid', reasonCodes: ['generator-lag'] },
      { cellId: 'p-r4', verdict: 'failed', reasonCodes: [] },
    ])
    assert.deepEqual([point.throughputPerSecond?.median, point.throughputPerSecond?.highest], [100, 102])
    const none = pointOf([repetition(1, 900, { verdict: invalid })])
    assert.deepEqual([none.counted, none.throughputPerSecond], [0, null])
  })

  test('is a target, a client, a model and the axes; sentinels are none', () => {
    const cells = [
      repetition(1, 100),
      repetition(1, 100, { id: 'q', target: 'mqtt://h:1' }),
      repetition(1, 100, { id: 's', sentinel: 'start' }),
      repetition(1, 100, { id: 'o', axes: { messageBytes: 2048, producers: 25, consumers: 25 } }),
      repetition(2, 100),
    ]
    const points = pointsOf({ cells, environment: {} })
    assert.deepEqual(
      points.map(({ cellIds }) => cellIds),
      [['p', 'p-r2'], ['q'], ['o']],
    )
    assert.equal(pointIdOf({ id: 't1-12B-1x1-r2-2', repetition: 2 }), 't1-12B-1x1-2')
  })

  test('R3.5 tells which difference its repetitions show, and how many 5 % would need', () => {
    // CV 5 % exactly, of five.
    const step = 50 * Math.sqrt(2 / 2.5) * 1.25
    const rates = [1000 - step, 1000 - step / 2, 1000, 1000 + step / 2, 1000 + step]
    const cv = pointOf(rates.map((rate, index) => repetition(index + 1, rate)))
    assert.equal(cv.throughputPerSecond?.cvOverRunsPercent?.toFixed(1), '4.4')
    const even = pointOf([0.95, 1, 1.05].map((share, index) => repetition(index + 1, 1000 * share)))
    assert.equal(even.throughputPerSecond?.cvOverRunsPercent?.toFixed(6), '5.000000')
    assert.equal(even.minimumDetectableEffectPercent?.toFixed(1), (280 * 0.05 * Math.sqrt(2 / 3)).toFixed(1))
    assert.equal(even.runsPerSideFor5Percent, 16)
    assert.equal(pointOf([repetition(1, 5)]).minimumDetectableEffectPercent, null)
  })

  test('R3.6 is noisy above a CV of 5 % over runs, however steady each is, with steal and clock beside it', () => {
    const generator = (stealPercent: number): CellResult['generator'] => ({
      cpuPercent: 30,
      cpuMicrosPerMessage: null,
      messagesPerWrite: null,
      coLocated: true,
      threads: 1,
      eventLoopDelayP99Ms: 1,
      gcPauseMaxMs: 3,
      stealPercent,
      residentBytesMax: null,
      threadBusyPercentMax: null,
      processId: null,
      clientWarmupSeconds: null,
    })
    const cells = [
      repetition(1, 100, { generator: generator(0) }),
      repetition(2, 115, { generator: generator(7.5) }),
      repetition(3, 100, { generator: generator(0.2) }),
    ]
    const { flags, cvOverSecondsPercent } = pointOf(cells, {
      cpuGovernor: 'powersave',
      cpuMhzNow: 1200,
      cpuMhzMax: 3900,
    })
    assert.equal(cvOverSecondsPercent, 0)
    assert.deepEqual(
      flags.map(({ code, limit }) => [code, limit]),
      [['noisy', 5]],
    )
    assert.equal(
      flags[0]?.text,
      'throughput differs between 3 repetitions by a CV of 8.2 %; meanwhile steal 0.0 to 7.5 % of the host, CPU of the generator 30.0 %, longest GC pause 3.0 ms, governor powersave, cores at 1200 of 3900 MHz when the run began',
    )
    assert.deepEqual(pointOf([repetition(1, 100), repetition(2, 104)]).flags, [])
  })
})

describe('R3.3: from cells to the printed interval', () => {
  const RUNS = 6
  const SECONDS = 10

  /** A repetition of the M/M/1 queue. */
  function simulated(number: number, random: SeededRandom): CellResult {
    const times = sojournTimesUs(SECONDS * ARRIVALS, random).toSorted()
    const at = (quantile: number) => times[Math.ceil(quantile * times.length) - 1] ?? 0
    const service = aLatency({ count: times.length, p50: at(0.5), p99: at(0.99), p999: at(0.999) })
    const latencyUs = { endToEnd: { response: null, service }, publish: null, sendLag: null }
    const intervals = Array.from({ length: SECONDS }, () => second(ARRIVALS))
    return repetition(number, ARRIVALS, { latencyUs, intervals })
  }

  const results = scratchFolder()
  const random = new SeededRandom(5)
  const run = createRun(results, aHeader('r'), aPlan('p', 'p-r2', 'p-r3', 'p-r4', 'p-r5', 'p-r6'))
  for (let number = 1; number <= RUNS; number++) run.writeCell(simulated(number, random), null)
  const finished = run.finish('complete')
  const folder = join(results, 'r')

  test('the interval of the p99 is that of the runs, and holds the true one', () => {
    const p99 = finished.points[0]?.latencyP99Us
    assert.ok(p99?.interval != null)
    const { low, high, confidencePercent } = p99.interval
    assert.deepEqual([low, high, confidencePercent], [p99.lowest, p99.highest, 96.875])
    assert.ok(low < p99.median && p99.median < high, JSON.stringify(p99))
    assert.ok(low < trueQuantileUs(0.99) && trueQuantileUs(0.99) < high, JSON.stringify(p99))
  })

  test('it stands in the report beside the median', () => {
    const p99 = finished.points[0]?.latencyP99Us
    const text = (us: number | undefined) => ((us ?? 0) / 1000).toFixed(1)
    const printed = `${text(p99?.median)}  ${text(p99?.interval?.low)}..${text(p99?.interval?.high)}`
    const report = renderTerminal(finished, { colour: false, width: 200 })
    const line = report.split('\n').find((one) => one.includes(printed))
    assert.ok(line !== undefined, `${printed} is not in\n${report}`)
    assert.match(line, /^1 KB\s+25\s+6\s+1,000\s+1,000\.\.1,000\s+0\s+0\s/)
    assert.match(
      report,
      /^interval: lowest to highest of 6 repetitions; it holds the true median in 96\.9 % of campaigns \(/m,
    )
  })

  test('the points are made again from the cells alone, and are the same', () => {
    const path = join(folder, 'result.json')
    const stored = JSON.parse(readFileSync(path, 'utf8')) as { points: unknown }
    assert.deepEqual(loadResult(folder), finished)
    const { points: _points, ...older } = stored
    writeFileSync(path, JSON.stringify(older))
    assert.deepEqual(loadResult(folder).points, finished.points)
    rmSync(path)
    assert.deepEqual(loadResult(folder).points, finished.points)
    assert.ok(Array.isArray(_points))
  })
})
