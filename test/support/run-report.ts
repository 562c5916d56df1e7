import type { FileOutcome, TestOutcome } from './run-file.ts'

/** How many tests ended which way. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export function countOf(tests: readonly TestOutcome[]): Counts {
  const count = (status: TestOutcome['status']): number => tests.filter((test) => test.status === status).length
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') }
}

/** `N passed, N failed, N skipped`: the line that whoever reads the end of the output looks for. */
export function summaryLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/** One line for a finished file, and its failures in full beneath. */
export function fileReport({ file, tests, seconds, output }: FileOutcome): string {
  const lines = [`${file}: ${summaryLine(countOf(tests))}, ${seconds.toFixed(1)} s`]
  const failures = tests.filter((test) => test.status === 'failed')
  for (const { path, reason } of failures) lines.push(`  FAILED ${path.join(' > ')}`, indent(reason, 4))
  if (failures.length > 0 && output.trim() !== '') lines.push('  the file wrote:', indent(output.trimEnd(), 4))
  return lines.join('\n')
}

/** Every skip with its reason, one line per reason and file; empty text without skips. */
export function skipReport(files: readonly FileOutcome[]): string {
  const titlesByReason = new Map<string, string[]>()
  for (const { file, tests } of files) {
    for (const { status, path, reason } of tests) {
      if (status !== 'skipped') continue
      const key = `${file}: ${rowOf(path)?.join(' · ') ?? path.slice(0, -1).join(' > ')}: ${reason}`
      titlesByReason.set(key, [...(titlesByReason.get(key) ?? []), path.at(-1) ?? ''])
    }
  }
  const lines = [...titlesByReason].map(([reason, titles]) => `  ${reason}\n${indent(titles.join('\n'), 6)}`)
  return lines.length === 0 ? '' : ['skipped:', ...lines].join('\n')
}

/** Contract tests per broker, protocol, client and transport, with a sum per broker; empty text without any. */
export function brokerTable(files: readonly FileOutcome[]): string {
  const rows = new Map<string, { key: readonly string[]; tests: TestOutcome[] }>()
  for (const test of files.flatMap(({ tests }) => tests)) {
    const key = rowOf(test.path)
    if (key === null) continue
    for (const each of [key, [key[0] ?? '', 'all', '', '']]) {
      const row = rows.get(each.join()) ?? { key: each, tests: [] }
      row.tests.push(test)
      rows.set(each.join(), row)
    }
  }
  if (rows.size === 0) return ''
  const head = ['broker', 'protocol', 'client', 'transport', 'passed', 'failed', 'skipped']
  const body = [...rows.values()].map(({ key, tests }) => {
    const { passed, failed, skipped } = countOf(tests)
    return [...key, String(passed), String(failed), String(skipped)]
  })
  const isSum = ([, protocol]: readonly string[]): number => (protocol === 'all' ? 1 : 0)
  const byBroker = body.toSorted(
    (one, other) => (one[0] ?? '').localeCompare(other[0] ?? '') || isSum(one) - isSum(other),
  )
  return [head, ...byBroker].map(tableLine).join('\n')
}

const COLUMN_WIDTHS = [12, 20, 9, 11]

function tableLine(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(COLUMN_WIDTHS[index] ?? 8))
    .join('')
    .trimEnd()
}

/** A contract suite is titled `broker · protocol · client · transport`, whatever surrounds it. */
function rowOf(path: readonly string[]): string[] | null {
  return path.map((title) => title.split(' · ')).find((parts) => parts.length === 4) ?? null
}

function indent(text: string, spaces: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(spaces))
}
