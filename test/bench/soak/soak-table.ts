/** The rows of the soak runs; those of earlier runs are taken over from the page. */
import { existsSync, readFileSync } from 'node:fs'
import { countText, exactText, megabytesText } from '../../../src/report/number-text.ts'
import type { ReportTable } from '../../../src/report/report-table.ts'
import { plainTable } from '../support/page.ts'
import type { SoakFigures } from './soak-run.ts'

const MEMORY_MAX_BYTES = 300e6
/** Growth over a whole run that is still none: a heap is collected when it pleases its collector. */
const GROWTH_MAX_BYTES = 10e6
const HEADS = [
  ...['protocol', 'date', 'minutes', 'msg/s', 'lost', 'verdict'],
  ...['after 30 s', 'at the end', 'highest', 'slope per minute', 'goal'],
]

/** @param kept rows of other protocols, by protocol; @param order of the rows. */
export function soakTable(
  figures: ReadonlyMap<string, SoakFigures | string>,
  kept: ReadonlyMap<string, readonly string[]>,
  order: readonly string[],
): ReportTable {
  const date = new Date().toISOString().slice(0, 10)
  const rows = order.flatMap((protocol) => {
    const measured = figures.get(protocol)
    if (measured === undefined) return kept.has(protocol) ? [[...(kept.get(protocol) ?? [])]] : []
    if (typeof measured === 'string') return [[protocol, date, ...HEADS.slice(3).map(() => ''), `failed: ${measured}`]]
    return [[protocol, date, ...texts(measured)]]
  })
  const remark = `goal: highest below ${megabytesText(MEMORY_MAX_BYTES)}, and slope x minutes at most ${megabytesText(GROWTH_MAX_BYTES)}`
  return plainTable('Resident set of brokermark run', HEADS, 1, rows, [remark])
}

/** Cells of the table rows of an earlier page by their first cell; empty where there is no page. */
export function rowsOfPage(path: string): ReadonlyMap<string, readonly string[]> {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  return new Map(
    text
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line): [string, string[]] => {
        const cells = line.slice(2, -2).split(' | ')
        return [cells[0] ?? '', cells]
      }),
  )
}

function texts(figures: SoakFigures): string[] {
  const { minutes, settledBytes, endBytes, maxBytes, bytesPerMinute } = figures
  const isSmall = maxBytes < MEMORY_MAX_BYTES
  const isFlat = bytesPerMinute * minutes <= GROWTH_MAX_BYTES
  const missed = [...(isSmall ? [] : ['missed: memory']), ...(isFlat ? [] : ['missed: growth'])]
  return [
    exactText(minutes),
    countText(figures.deliveredPerSecond),
    countText(figures.lost),
    figures.verdict,
    ...[settledBytes, endBytes, maxBytes].map(megabytesText),
    `${(bytesPerMinute / 1e6).toFixed(2)} MB`,
    missed.length === 0 ? 'met' : missed.join(', '),
  ]
}
