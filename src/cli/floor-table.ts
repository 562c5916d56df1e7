/** Floors as a table for the terminal. Pure. */
import { countText, millisecondsText, rateText, sizeText } from '../report/number-text.ts'
import type { FloorRecord } from '../run/floor/floor-record.ts'

const HEAD = [
  'Protocol',
  'Client',
  'Ceiling msg/s',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'Publish p50/p99',
  'Pacer',
  'lag p50/p99',
]

/** One row per floor; what the columns are of stands below. Ends with a line break. */
export function floorTableText(floors: readonly FloorRecord[]): string {
  const [first] = floors
  if (first === undefined) return 'No floor was measured.\n'
  const rows = [HEAD, ...floors.map(rowOf)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const lines = rows.map((row) =>
    row
      .map((text, column) => (column < 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
  const { host, messageBytes, ratePerSecond } = first
  return [
    ...lines,
    '',
    `Ceiling: ${sizeText(messageBytes)} messages through one thread with one pair on the embedded broker, ${countText(host.cores)} cores (${host.cpuModel}).`,
    `Latencies, pacer lag (ms): service latency end to end, and from publish to confirm, at ${rateText(ratePerSecond)}/s.`,
    '',
  ].join('\n')
}

function rowOf({ protocol, client, ceilingPerSecond, endToEnd, publish, pacer }: FloorRecord): readonly string[] {
  return [
    protocol,
    client,
    rateText(Math.round(ceilingPerSecond)),
    ms(endToEnd.p50Us),
    ms(endToEnd.p99Us),
    ms(endToEnd.p999Us),
    `${ms(publish.p50Us)}/${ms(publish.p99Us)}`,
    pacer.mode,
    `${ms(pacer.lagP50Us)}/${ms(pacer.lagP99Us)}`,
  ]
}

function ms(microseconds: number | null): string {
  return microseconds === null ? 'n/a' : millisecondsText(microseconds)
}
