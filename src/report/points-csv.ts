/** Every point with the figures of its repetitions together, one row per point. Pure. */
import type { FigureOverRuns, PointResult, Result } from '../result/result.ts'
import { csv, type CsvValue } from './csv.ts'

type Fields = [name: string, value: CsvValue][]

/** @returns CSV with one head row; names carry the unit; an empty field is a figure or an interval that there is not. */
export function pointsCsv(result: Pick<Result, 'runId' | 'points'>): string {
  const axes = [...new Set(result.points.flatMap((point) => Object.keys(point.axes)))]
  const rows = result.points.map((point) => fieldsOf(result.runId, point, axes))
  const [first] = rows
  if (first === undefined) return ''
  return csv([first.map(([name]) => name), ...rows.map((row) => row.map(([, value]) => value))])
}

function fieldsOf(runId: string, point: PointResult, axes: readonly string[]): Fields {
  return [
    ['runId', runId],
    ['pointId', point.id],
    ['target', point.target],
    ...axes.map((axis): [string, CsvValue] => [axis, point.axes[axis] ?? null]),
    ['repetitions', point.cellIds.length],
    ['counted', point.counted],
    ['leftOut', point.leftOut.map(({ cellId, verdict }) => `${cellId} ${verdict}`).join('; ')],
    ['tpsBasis', point.throughputBasis],
    ...figureFields('tps', point.throughputPerSecond),
    ['tps.cvOverSecondsPercent', point.cvOverSecondsPercent],
    ['tps.minimumDetectableEffectPercent', point.minimumDetectableEffectPercent],
    ['tps.runsPerSideFor5Percent', point.runsPerSideFor5Percent],
    ['latencyDistribution', point.latencyDistribution],
    ...figureFields('latency.p50Us', point.latencyP50Us),
    ...figureFields('latency.p99Us', point.latencyP99Us),
    ...figureFields('latency.p99.9Us', point.latencyP999Us),
    ...figureFields('broker.cpuPercent', point.brokerCpuPercent),
    ...figureFields('broker.cpuMicrosPerMessage', point.brokerCpuMicrosPerMessage),
    ['flags', point.flags.map(({ code }) => code).join(' ')],
    ['flags.text', point.flags.map(({ text }) => text).join('; ')],
  ]
}

function figureFields(name: string, over: FigureOverRuns | null): Fields {
  return [
    [`${name}.median`, over?.median ?? null],
    [`${name}.lowest`, over?.lowest ?? null],
    [`${name}.highest`, over?.highest ?? null],
    [`${name}.intervalLow`, over?.interval?.low ?? null],
    [`${name}.intervalHigh`, over?.interval?.high ?? null],
    [`${name}.intervalConfidencePercent`, over?.interval?.confidencePercent ?? null],
    [`${name}.cvOverRunsPercent`, over?.cvOverRunsPercent ?? null],
    [`${name}.runs`, over?.runs ?? null],
  ]
}
