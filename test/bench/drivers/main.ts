/**
 * What one message costs each driver: send + confirm + receive + acknowledge, user + system CPU of a process that does
 * nothing else, on the embedded broker and on real ones.
 *
 *   npm run bench:drivers [-- --quick --embedded-only --only=stomp,mqtt --out=PATH]
 *
 * The page under docs/ is written by a full run only, or where `--out` says.
 */
import { LaunchError } from '../../../src/broker/launch/launched-broker.ts'
import { benchFlags } from '../support/flags.ts'
import { publish } from '../support/page.ts'
import { driversTable } from './drivers-table.ts'
import { measureBroker, type Effort, type Row } from './measure-broker.ts'
import { subjectsByBroker } from './subjects.ts'

const PAGE = 'docs/benchmarks/drivers.md'
const FULL: Effort = {
  windows: [1, 10, 100, 1000],
  repetitions: 5,
  measureSeconds: 0.8,
  warmupSeconds: 2,
  bodyBytes: 1024,
}
const QUICK: Effort = { ...FULL, repetitions: 3, measureSeconds: 0.25, warmupSeconds: 0.5 }

const flags = benchFlags()
const effort = flags.quick ? QUICK : FULL
const isFull = !flags.quick && !flags.embeddedOnly && flags.only.length === 0
const startedMs = performance.now()

const rows: Row[] = []
for (const [broker, subjects] of subjectsByBroker(flags.only, flags.embeddedOnly)) {
  try {
    rows.push(...(await measureBroker(broker, subjects, effort, say)))
  } catch (thrown) {
    if (!(thrown instanceof LaunchError)) throw thrown
    say(`${broker}: left out: ${thrown.message}`)
  }
}
publish(
  {
    title: 'What a message costs each driver',
    command: 'npm run bench:drivers',
    paragraphs: [
      `1 KB, persistent, confirmed, acknowledged each; one producer and one consumer on one queue, driven at the seam ` +
        `without the harness; each driver in a process of its own, each broker in another. CPU is user + system of the ` +
        `driver's process from the first message published to the last one confirmed, delivered and acknowledged, ` +
        `${effort.measureSeconds} s for each repetition, ${effort.repetitions} repetitions in turns over all drivers, ` +
        `after ${effort.warmupSeconds} s of warm-up for each window.`,
      `Floor: the same bytes in the same number of writes over two sockets by node:net alone, to and fro, measured ` +
        `beside each repetition of window 1.`,
      'What window 1 is made of, by strace, per message: as many writes as reads (one each for a message, its ' +
        'confirm, its delivery and its acknowledgement, fewer where two deliveries come together) and one wait for ' +
        'events, at the driver as at the floor. What the driver has more is user time, and that it waits longer, ' +
        'because a broker does more for a message than the peer of the floor (13,000 round trips a second beside ' +
        '17,000, both cores busy): see the sleeps below.',
      'Tried for window 1 on a loaded machine, builds in turns, 8 turns each, median of the CPU per message ' +
        'before, after, and of the floor beside them: answers leave when the owner of a chunk returns instead of ' +
        'in a tick, and a write over TCP asks for no callback where it is out at once: STOMP 34.6, 32.0, 25.9 us; ' +
        'MQTT 33.9, 31.7, 26.3; AMQP 1.0 37.9, 33.3, 26.4; AMQP 0-9-1 34.5, 33.1, 26.6; OpenWire 39.2, 34.8, 26.7; ' +
        'kept. Window 100 did not change beyond its noise. Views of written buffers and of bodies that are kept ' +
        'for the next message of the same place and length: 1 to 3 % on top, within the noise of 3 to 8 %, and ' +
        'over AMQP 0-9-1 dearer at window 100 in each of three comparisons; left out. No figure of these is one of ' +
        'the table.',
    ],
    tables: [driversTable(rows, effort.windows)],
  },
  flags.out ?? (isFull ? PAGE : null),
)
say('done')
process.exit()

function say(line: string): void {
  const seconds = Math.round((performance.now() - startedMs) / 1000)
  process.stderr.write(`${String(seconds).padStart(4)} s  ${line}\n`)
}
