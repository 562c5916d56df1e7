/**
 * Memory of the generator over time: 200 producers and 200 consumers of one protocol at 20,000 messages per second in
 * total through `brokermark run`, on the embedded broker in a process that is not counted.
 *
 *   npm run bench:soak [-- stomp mqtt --minutes=5 --out=PATH]
 *
 * All five protocols in turn where none is named. A run of the full time writes its rows into the page under docs/ and
 * leaves the rows of other protocols there as they are; a shorter one writes only where `--out` says.
 */
import { launchEmbedded } from '../../src/broker/embedded/launch-embedded.ts'
import { benchFlags } from './support/flags.ts'
import { publish } from './support/page.ts'
import { soak, type SoakFigures } from './soak/soak-run.ts'
import { rowsOfPage, soakTable } from './soak/soak-table.ts'

const PAGE = 'docs/benchmarks/soak.md'
const PROTOCOLS = ['stomp', 'mqtt', 'amqp091', 'amqp10', 'openwire']
const FULL_MINUTES = 5
const LOAD = { pairs: 200, messagesPerSecond: 20_000, messageBytes: 1024 }

const flags = benchFlags()
const minutes = flags.minutes ?? FULL_MINUTES
const page = flags.out ?? (minutes >= FULL_MINUTES ? PAGE : null)
const figures = new Map<string, SoakFigures | string>()
for (const protocol of flags.only.length === 0 ? PROTOCOLS : flags.only) {
  process.stderr.write(`${protocol}: ${minutes} minutes\n`)
  const broker = await launchEmbedded()
  try {
    figures.set(protocol, await soak(`${protocol}://${broker.host}:${broker.port}`, { ...LOAD, minutes }))
  } catch (thrown) {
    figures.set(protocol, thrown instanceof Error ? thrown.message : String(thrown))
  } finally {
    await broker.stop()
  }
}
publish(
  {
    title: 'Memory of the generator over time',
    command: 'npm run bench:soak',
    paragraphs: [
      `\`brokermark run\` with ${LOAD.pairs} producers and ${LOAD.pairs} consumers on ${LOAD.pairs} queues, ` +
        `${LOAD.messagesPerSecond} messages per second in total, 1 KB, persistent, confirmed, acknowledged each, on the ` +
        'embedded broker. Resident set of the whole generator process from /proc/PID/stat, once per second.',
    ],
    tables: [soakTable(figures, page === null ? new Map() : rowsOfPage(page), PROTOCOLS)],
  },
  page,
)
process.exit()
