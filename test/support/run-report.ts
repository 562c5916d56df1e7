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

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  }
}

/** What the last summary line of a runner's output counts; one failure where there is none. */
export function lastCounts(output: string): Counts {
  const [passed, failed, skipped] =
    [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1)?.slice(1).map(Number) ?? []
  if (passed === undefined || failed === undefined || skipped === undefined) return { passed: 0, failed: 1, skipped: 0 }
  return { passed, failed, skipped }
}

/** One line for a finished file, and its failures in full beneath. */
export function fileReport({ file, tests, seconds, output }: FileOutcome): string {
  const lines = [`${file}: ${summaryLine(countOf(tests))}, ${seconds.toFixed(1)} s`]
  const failures = tests.filter((test) => test.status === 'failed')
  for (const { path, reason } of failures) lines.push(`  FAILED ${path.join(' > ')}`, indent(reason, 4))
  if (failures.length > 0 && output.trim() !== '') lines.push('  the file wrote:', indent(output.trimEnd(), 4))
  return lines.join('\n')
}

/**
 * Skips counted by reason, the most frequent first, with the files where they are; empty text without skips. Which tests
 * they are is in the file's own output: `node dist/test/broker/rabbitmq.test.js`.
 */
export function skipReport(files: readonly FileOutcome[]): string {
  const skips = new Map<string, { count: number; readonly files: Set<string> }>()
  for (const { file, tests } of files) {
    for (const { status, reason } of tests) {
      if (status !== 'skipped') continue
      const found = skips.get(reason) ?? { count: 0, files: new Set<string>() }
      found.count++
      found.files.add(file.replace(/\.test\.js$/, ''))
      skips.set(reason, found)
    }
  }
  if (skips.size === 0) return ''
  const lines = [...skips]
    .toSorted(([, one], [, other]) => other.count - one.count)
    .map(([reason, { count, files: where }]) => `  ${String(count).padStart(4)} ${reason} (${[...where].join(', ')})`)
  return ['skipped:', ...lines].join('\n')
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
  const lines = [head, ...byBroker]
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A contract suite is titled `broker · protocol · client · transport`, whatever surrounds it. */
function rowOf(path: readonly string[]): string[] | null {
  return path.map((title) => title.split(' · ')).find((parts) => parts.length === 4) ?? null
}

function indent(text: string, spaces: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(spaces))
}
