/**
 * How late the pacer is by itself, in its two modes, and how long the collector stops it: `brokermark run` on the embedded
 * broker (method.md R8.4, R8.1).
 *
 *   npm run bench:pacing [-- --quick --out=PATH]
 *
 * A full run writes the page under docs/; a quick one writes only where `--out` says.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { pacerModeFor } from '../../src/pacing/pacer.ts'
import { busyPercent, readHostCpu } from '../../src/probe/host-cpu.ts'
import type { CellResult } from '../../src/result/result.ts'
import { pacingRow, type PacingGoal } from './pacing/pacing-row.ts'
import { brokermarkRun } from './support/brokermark-run.ts'
import { benchFlags } from './support/flags.ts'
import { plainTable, publish } from './support/page.ts'
import { spreadOf, spreadText } from './support/spread.ts'

const PAGE = 'docs/benchmarks/pacing.md'
const ROUNDS = 5
const WARMUP_SECONDS = 2
const SAMPLE_EVERY_MS = 1_000
const LOOK_ROUND_MS = 500

interface PacingPoint {
  readonly perSecond: number
  /** Long enough for p99 at that rate. */
  readonly seconds: number
  readonly goal: PacingGoal | null
}

const POINTS: readonly PacingPoint[] = [
  { perSecond: 10_000, seconds: 5, goal: { kind: 'lag', p50Us: 50, p99Us: 1_000 } },
  { perSecond: 50_000, seconds: 5, goal: { kind: 'gc-pause', maxMs: 5 } },
  { perSecond: 50, seconds: 10, goal: null },
]

const flags = benchFlags()
const rounds = flags.quick ? 1 : ROUNDS
const otherWork: number[] = []
const cells = new Map<PacingPoint, CellResult[]>(POINTS.map((point) => [point, []]))
for (let round = 1; round <= rounds; round++) {
  for (const [point, measured] of cells) {
    const busy = await busyBefore()
    if (busy !== null) otherWork.push(busy)
    process.stderr.write(
      `${point.perSecond}/s, ${round} of ${rounds}; other work: ${busy?.toFixed(0) ?? '?'} % of the cores\n`,
    )
    const words = ['-r', String(point.perSecond), '-z', String(point.seconds), '-c', '1000']
    const timing = ['--set', `phases.warmupSeconds=${WARMUP_SECONDS}`]
    measured.push((await brokermarkRun('embedded:', [...words, ...timing], SAMPLE_EVERY_MS)).cell)
  }
}
const otherWorkSpread = spreadOf(otherWork)
publish(
  {
    title: 'How late the pacer is',
    command: 'npm run bench:pacing',
    paragraphs: [
      '`brokermark run` with one producer and one consumer at a constant rate of 1 KB messages on the embedded broker ' +
        `(STOMP), ${WARMUP_SECONDS} s of warm-up, in turns: medians of ${rounds} (lowest-highest). Generator lag is the time from a ` +
        'slot of the schedule to the call of the client, without what the broker held back; the pause is the longest ' +
        'collection of the measuring thread within the measured time, of all runs.',
      'The goals are for two free cores. This machine has two cores that it shares with other machines and with other ' +
        'work: the pacer spins on one of them, and the broker, the main thread and everything else share the other, so the ' +
        'tail (p99.9) is mostly the time that the scheduler gave to somebody else. Just before each run that other work took ' +
        `${otherWorkSpread === null ? 'an unknown share' : `${spreadText(otherWorkSpread)} %`} of both cores.`,
    ],
    tables: [
      plainTable(
        'Generator lag',
        ['rate', 'pacer', 'p50 us', 'p99 us', 'p99.9 us', 'longest GC pause ms', 'goal'],
        2,
        [...cells].map(([{ perSecond, goal }, measured]) =>
          pacingRow(perSecond, pacerModeFor(perSecond), measured, goal),
        ),
      ),
    ],
  },
  flags.out ?? (flags.quick ? null : PAGE),
)
process.exit()

/** How busy the cores are when nothing of ours runs, percent of all of them; null where that cannot be seen. */
async function busyBefore(): Promise<number | null> {
  const before = readHostCpu()
  await delay(LOOK_ROUND_MS)
  const after = readHostCpu()
  return before === null || after === null ? null : busyPercent(before, after)
}
