/** Every chart that a result has figures for, in the order of the report. Pure. */
import type { Result } from '../../result/result.ts'
import { cpuByPairs, tpsByPairs } from './by-pairs.ts'
import type { Chart, Curves } from './chart.ts'
import { generatorOverTime } from './generator-over-time.ts'
import { latencyPercentiles } from './latency-percentiles.ts'
import { percentileCurve } from './percentile-curve.ts'
import { rateOverTime } from './rate-over-time.ts'

/** @param curves decoded histograms by file name; an empty map leaves out the curve chart. */
export function allCharts(result: Result, curves: Curves): Chart[] {
  return [
    tpsByPairs(result),
    cpuByPairs(result),
    latencyPercentiles(result),
    percentileCurve(result, curves),
    rateOverTime(result),
    generatorOverTime(result),
  ].flatMap((chart) => chart ?? [])
}
