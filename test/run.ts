/**
 * Runs the compiled tests, from the root of the checkout:
 *
 *     node dist/test/run.js [--without-brokers] [--also-on NODE] [--lanes N] [part-of-a-path ...]
 *
 * First everything that needs no real broker, as many files at a time as there are cores. Then what starts a broker, and
 * beside it, with `--also-on`, the files of the first part once more on that Node, one at a time: three lanes on two cores,
 * because brokers are mostly waited for. The last line is `N passed, N failed, N skipped`, all of it together; exit code 1
 * when a test failed or none ran.
 */
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { longestFirst } from './support/file-order.ts'
import { inLanes, type Job } from './support/lanes.ts'
import { runOnNode } from './support/run-on-node.ts'
import { runFile, type FileOutcome, type RunFileOptions } from './support/run-file.ts'
import {
  addCounts,
  brokerTable,
  countOf,
  fileReport,
  skipReport,
  summaryLine,
  type Counts,
} from './support/run-report.ts'

/** Bounds for files that hang, far beyond what they take on two quiet cores: 40 s at most, and five minutes with a broker. */
const FILE = { timeoutSeconds: 900, forceExit: false }
const BROKER_FILE = { timeoutSeconds: 1_500, forceExit: true }

const { values: flags, positionals: parts } = parseArgs({
  options: {
    'without-brokers': { type: 'boolean', default: false },
    'also-on': { type: 'string' },
    lanes: { type: 'string' },
  },
  allowPositionals: true,
})
const root = import.meta.dirname
const cores = Math.max(2, availableParallelism())
const chosen = testFiles().filter(
  (path) => parts.length === 0 || parts.some((part) => relative(root, path).includes(part)),
)
const outcomes: FileOutcome[] = []
let elsewhere: Counts = { passed: 0, failed: 0, skipped: 0 }

const withoutBrokers = longestFirst(chosen.filter((path) => !startsBrokers(path)))
const withBrokers = flags['without-brokers'] ? [] : longestFirst(chosen.filter(startsBrokers))
await inLanes(
  lanesOr(cores),
  withoutBrokers.map((path) => job(path, FILE)),
)
await inLanes(lanesOr(cores + 1), [
  ...(flags['also-on'] === undefined ? [] : [alsoOn(flags['also-on'])]),
  ...withBrokers.map((path) => job(path, BROKER_FILE)),
])

print(skipReport(outcomes))
print(brokerTable(outcomes))
print(`${outcomes.length} files on Node ${process.versions.node}`)
const counts = addCounts(countOf(outcomes.flatMap(({ tests }) => tests)), elsewhere)
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

function lanesOr(usual: number): number {
  return flags.lanes === undefined ? usual : Math.max(1, Number(flags.lanes))
}

function job(path: string, options: RunFileOptions): Job {
  return async () => {
    const outcome = await runFile(path, root, options)
    print(fileReport(outcome))
    outcomes.push(outcome)
  }
}

/** The files without brokers once more, in a runner of their own: printed when it is through, and counted. */
function alsoOn(node: string): Job {
  return async () => {
    const { output, counts } = await runOnNode(node, [
      join(root, 'run.js'),
      '--without-brokers',
      ...['--lanes', '1'],
      ...parts,
    ])
    print(`on ${node}:\n${output.replaceAll(/^(?=.)/gm, '  ')}`)
    elsewhere = counts
  }
}

function print(text: string): void {
  if (text !== '') process.stdout.write(`${text}\n`)
}
