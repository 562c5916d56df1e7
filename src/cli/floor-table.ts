/** Floors as a table for the terminal. Pure. */
import { countText, millisecondsText, rateText, sizeText } from '../report/number-text.ts'
import type { FloorRecord } from '../run/floor/floor-record.ts'

const HEAD = [
  'Protocol',
  'Client',
  'Size',
  'Ceiling msg/s',
  'Flow',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'Publish p50/p99',
  'Pacer',
  'lag p50/p99',
]
/** Protocol and client. */
const TEXT_COLUMNS = 2

/** One row per floor; what the columns are of stands below. Ends with a line break. */
export function floorTableText(floors: readonly FloorRecord[]): string {
  const [first] = floors
  if (first === undefined) return 'No floor was measured.\n'
  const rows = [HEAD, ...floors.map(rowOf)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const lines = rows.map((row) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0
        return column < TEXT_COLUMNS ? text.padEnd(width) : text.padStart(width)
      })
      .join('  ')
      .trimEnd(),
  )
  const { host } = first
  return [
    ...lines,
    '',
    `Ceiling: messages through one thread with one pair on the embedded broker, ${countText(host.cores)} cores (${host.cpuModel}).`,
    'Latencies, pacer lag (ms): service latency end to end, and from publish to confirm, in the flow of that row.',
    ...(floors.some(isSlowed) ? ['* slower than wished: 60 % of the ceiling.'] : []),
    '',
  ].join('\n')
}

function rowOf(floor: FloorRecord): readonly string[] {
  const { protocol, client, messageBytes, ceilingPerSecond, endToEnd, publish, pacer } = floor
  return [
    protocol,
    client,
    sizeText(messageBytes),
    rateText(Math.round(ceilingPerSecond)),
    flowText(floor),
    ms(endToEnd.p50Us),
    ms(endToEnd.p99Us),
    ms(endToEnd.p999Us),
    `${ms(publish.p50Us)}/${ms(publish.p99Us)}`,
    pacer?.mode ?? '',
    pacer === null ? '' : `${ms(pacer.lagP50Us)}/${ms(pacer.lagP99Us)}`,
  ]
}

function flowText(floor: FloorRecord): string {
  const { flow, ratePerSecond } = floor
  if (flow.model === 'closed') return `${flow.pairs} x ${flow.inFlight} in flight`
  return `${rateText(ratePerSecond)}/s${isSlowed(floor) ? '*' : ''}`
}

function isSlowed({ flow, ratePerSecond }: FloorRecord): boolean {
  return flow.model === 'open' && ratePerSecond < flow.wantedPerSecond
}

function ms(microseconds: number | null): string {
  return microseconds === null ? 'n/a' : millisecondsText(microseconds)
}
