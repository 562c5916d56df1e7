/** The words of the progress display. Pure. */
import { countText, millisecondsText, percentText, rateText, sizeText } from '../report/number-text.ts'
import { isRemark } from '../report/reason-notes.ts'
import { headlineDistribution } from '../result/headline.ts'
import type { CellResult, Interval } from '../result/result.ts'
import type { Cell } from '../workload/cell.ts'
import { durationText } from './plan-text.ts'

/** Where a campaign stands. */
export interface Position {
  readonly order: number
  readonly total: number
  /** Seconds until the end, estimated; null before the first cell. */
  readonly secondsLeft: number | null
}

/** `[3/9] 1 KB 25x25 stomp://h:1  measure  12,345 msg/s  p50 1.20 ms  p99 3.40 ms  broker 41 %  2 min left`. */
export function intervalLine(cell: Cell, interval: Interval, position: Position): string {
  const rate = (cell.crew.consumers > 0 ? interval.delivered : interval.confirmed) / Math.max(interval.seconds, 0.001)
  const left = position.secondsLeft === null ? [] : [`${durationText(position.secondsLeft)} left`]
  return [
    `[${position.order}/${position.total}] ${cellWords(cell)}`,
    interval.phase,
    `${rateText(rate)} msg/s`,
    ...latencyWords(interval.p50Us, interval.p99Us),
    ...(interval.brokerCpuPercent === null ? [] : [`broker ${percentText(interval.brokerCpuPercent)} % CPU`]),
    ...left,
  ].join('  ')
}

/** One finished cell, with its verdict and what made it so. */
export function cellEndLine(cell: Cell, result: CellResult, position: Position): string {
  const rate = result.throughput?.deliveredPerSecond ?? result.throughput?.confirmedPerSecond ?? null
  const { latency } = headlineDistribution(result)
  const cpu = result.broker?.cpuPercent ?? null
  // As the tables mark a figure that is not to be used.
  const mark = ['invalid', 'failed'].includes(result.verdict.kind) ? '!' : ''
  return [
    `[${position.order}/${position.total}] ${cellWords(cell)}`,
    rate === null ? 'n/a' : `${rateText(rate)}${mark} msg/s`,
    ...latencyWords(latency?.p50 ?? null, latency?.p99 ?? null, mark),
    ...(cpu === null ? [] : [`broker ${percentText(cpu)}${mark} % CPU`]),
    `${result.verdict.kind}${reasonWords(result)}`,
  ].join('  ')
}

/** The reason that made the verdict, in full; of a valid cell only by which codes the report has something to remark. */
function reasonWords({ verdict: { kind, reasons } }: CellResult): string {
  // What was noticed until then is not why it was interrupted.
  if (kind === 'interrupted' || reasons.length === 0) return ''
  if (kind === 'valid') return ` (${[...new Set(reasons.map(({ code }) => code))].join(', ')})`
  const made = reasons.find(({ code }) => !isRemark(kind, code)) ?? reasons[0]
  return made === undefined ? '' : ` (${made.code}: ${made.text})`
}

/** Axes that every cell has: they are in its first words. */
const MATRIX_AXES: ReadonlySet<string> = new Set(['messageBytes', 'producers', 'consumers'])

/** `1 KB 25x25 load.inFlight=100 stomp://h:1`. */
export function cellWords(cell: Cell): string {
  const axes = Object.entries(cell.axes)
    .filter(([path]) => !MATRIX_AXES.has(path))
    .map(([path, value]) => `${path}=${String(value)}`)
  const crew = `${countText(cell.crew.producers)}x${countText(cell.crew.consumers)}`
  const sentinel = cell.sentinel === null ? [] : [`sentinel (${cell.sentinel})`]
  return [sizeText(cell.messageBytes), crew, ...axes, cell.target, ...sentinel].join(' ')
}

function latencyWords(p50Us: number | null, p99Us: number | null, mark = ''): readonly string[] {
  return [
    ...(p50Us === null ? [] : [`p50 ${millisecondsText(p50Us)}${mark} ms`]),
    ...(p99Us === null ? [] : [`p99 ${millisecondsText(p99Us)}${mark} ms`]),
  ]
}
