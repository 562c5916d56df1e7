/**
 * What recording costs, by itself: the latency recorder, the delivery ledger and the payload header of the hot path, each
 * in a tight loop, and hdr-histogram-js beside them in the same process.
 *
 *   npm run bench:measure [-- --quick --out=PATH]
 *
 * A full run writes the page under docs/; a quick one writes only where `--out` says.
 */
import { nsPerCall } from './measure/ns-per-call.ts'
import { measureSubjects } from './measure/subjects.ts'
import { benchFlags } from './support/flags.ts'
import { plainTable, publish } from './support/page.ts'
import { spreadOf, spreadText } from './support/spread.ts'

const PAGE = 'docs/benchmarks/measure.md'
const ROUNDS = 9
const QUICK_ROUNDS = 3

const flags = benchFlags()
const rounds = flags.quick ? QUICK_ROUNDS : ROUNDS
const subjects = await measureSubjects()
const costs = new Map(subjects.map(({ name }) => [name, [] as number[]]))
// The first round warms up; in each round all subjects take turns, so that a busy second hits all of them.
for (let round = 0; round <= rounds; round++) {
  for (const { name, calls, prepare } of subjects) {
    const ns = nsPerCall(calls, prepare())
    if (round > 0) costs.get(name)?.push(ns)
  }
}
const rows = subjects.map(({ name, goalNs }) => {
  const spread = spreadOf(costs.get(name) ?? [])
  if (spread === null) throw new Error(`${name} was not measured`)
  const goal = goalNs === null ? '' : `at most ${goalNs}: ${spread.median <= goalNs ? 'met' : 'missed'}`
  return [name, spreadText(spread), goal]
})
publish(
  {
    title: 'What recording costs',
    command: 'npm run bench:measure',
    paragraphs: [
      `Nanoseconds of CPU (user and system, of the process) per call, medians of ${rounds} (lowest-highest), the loop around ` +
        'it included. All in one process and one thread, in turns; the cores may be shared with other work, whose ' +
        'own time is not counted.',
      'Latencies are spread over 50 us to 1 s. The ledger in order: one producer, sequences 0, 1, 2. In turns: eight ' +
        'producers, message by message. With faults: every 1,000th message lost, every 500th twice, every 997th behind the ' +
        '50 that follow it. Headers are those of 1 KB messages, with their CRC-32.',
    ],
    tables: [plainTable('Nanoseconds per call', ['what', 'ns', 'goal'], 1, rows)],
  },
  flags.out ?? (flags.quick ? null : PAGE),
)
