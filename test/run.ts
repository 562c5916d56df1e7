/**
 * Runs the compiled tests, from the root of the checkout:
 *
 *     node dist/test/run.js [--without-brokers] [part-of-a-path ...]
 *
 * First everything that needs no real broker, then what starts one, two files at a time each. The last line
 * is `N passed, N failed, N skipped`; exit code 1 when a test failed or none ran.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { runFile, type FileOutcome, type RunFileOptions } from './support/run-file.ts'
import { brokerTable, countOf, fileReport, skipReport, summaryLine } from './support/run-report.ts'

const FILE = { timeoutSeconds: 300, forceExit: false }
const BROKER_FILE = { timeoutSeconds: 900, forceExit: true }
/** Takes the longest and the least CPU: the broker is slow, and the file would otherwise be the last alone. */
const FIRST_FILE = 'mosquitto-web-socket.test.js'

const { values: flags, positionals: parts } = parseArgs({
  options: { 'without-brokers': { type: 'boolean', default: false } },
  allowPositionals: true,
})
const root = import.meta.dirname
const chosen = testFiles().filter(
  (path) => parts.length === 0 || parts.some((part) => relative(root, path).includes(part)),
)
const withBrokers = flags['without-brokers'] ? [] : chosen.filter(startsBrokers).toSorted(byLength)
const withoutBrokers = chosen.filter((path) => !startsBrokers(path))

const outcomes = [...(await runFiles(withoutBrokers, 2, FILE)), ...(await runFiles(withBrokers, 2, BROKER_FILE))]
const counts = countOf(outcomes.flatMap(({ tests }) => tests))
print(skipReport(outcomes))
print(brokerTable(outcomes))
print(`${outcomes.length} files on Node ${process.versions.node}`)
// To a pipe that is full, Node writes later: the end waits until everything has been taken.
await new Promise((resolve) => process.stdout.write(`${summaryLine(counts)}\n`, resolve))
// At once: a process that a failed test left behind must not hold up the end.
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0)

function testFiles(): string[] {
  return (
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      // What was compiled from a file that has gone is no test any more.
      .filter((name) => name.endsWith('.test.js') && existsSync(join('test', name.replace(/js$/, 'ts'))))
      .toSorted()
      .map((name) => join(root, name))
  )
}

/** Real brokers are started by what lies directly in test/broker, and by `*.broker.test.ts` anywhere. */
function startsBrokers(path: string): boolean {
  return /^broker\/[^/]+$|\.broker\.test\.js$/.test(relative(root, path).replaceAll('\\', '/'))
}

function byLength(a: string, b: string): number {
  return Number(b.endsWith(FIRST_FILE)) - Number(a.endsWith(FIRST_FILE))
}

async function runFiles(
  paths: readonly string[],
  concurrency: number,
  options: RunFileOptions,
): Promise<FileOutcome[]> {
  const waiting = [...paths]
  const finished: FileOutcome[] = []
  const runNext = async (): Promise<void> => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const outcome = await runFile(path, root, options)
      print(fileReport(outcome))
      finished.push(outcome)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, runNext))
  return finished
}

function print(text: string): void {
  if (text !== '') process.stdout.write(`${text}\n`)
}
