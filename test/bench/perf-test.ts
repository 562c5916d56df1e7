/**
 * brokermark beside RabbitMQ PerfTest on the same RabbitMQ over AMQP 0-9-1: CPU per message of the whole generator
 * process, in turns.
 *
 *   npm run bench:perf-test [-- --quick --out=PATH]
 *
 * The page under docs/ is written by a full run only, or where `--out` says.
 */
import { launchBroker } from '../../src/broker/launch/launch.ts'
import { countText, figureText } from '../../src/report/number-text.ts'
import { textCell, type TableCell } from '../../src/report/report-table.ts'
import { runBrokermark } from './perf-test/brokermark-cost.ts'
import type { Comparison, GeneratorCost } from './perf-test/generator-cost.ts'
import { PERF_TEST, providePerfTest } from './perf-test/perf-test-jars.ts'
import { runPerfTest } from './perf-test/perf-test-run.ts'
import { benchFlags } from './support/flags.ts'
import { plainTable, publish } from './support/page.ts'
import { spreadOf, spreadText, type Spread } from './support/spread.ts'

const PAGE = 'docs/benchmarks/perf-test.md'
/** Window, and the part of PerfTest's CPU per message that is allowed. */
const GOALS = [
  { window: 1, costRatioMax: 0.6 },
  { window: 100, costRatioMax: 0.5 },
] as const
const HEADS = ['window', 'tool', 'us per message', 'msg/s', 'cost ratio', 'rate ratio', 'goal']
const FULL = { repetitions: 5, measureSeconds: 8, jvmWarmupSeconds: 12, warmupSeconds: 3 }
const QUICK = { repetitions: 1, measureSeconds: 5, jvmWarmupSeconds: 5, warmupSeconds: 2 }

const flags = benchFlags()
const effort = flags.quick ? QUICK : FULL
const jars = await providePerfTest()
const broker = await launchBroker('rabbitmq')
try {
  const address = (broker.targets.get('amqp091') ?? '').replace(/^amqp091:/, '')
  const rows: (string | TableCell)[][] = []
  for (const goal of GOALS) rows.push(...(await compare(address, goal)))
  publish(
    {
      title: 'brokermark beside RabbitMQ PerfTest',
      command: 'npm run bench:perf-test',
      paragraphs: [
        `RabbitMQ ${broker.version} and both generators on one machine; AMQP 0-9-1, 10 producers and 10 consumers on 10 ` +
          `queues, 1 KB persistent, confirmed, each message acknowledged, prefetch 1000. PerfTest ${PERF_TEST.version} ` +
          `and \`brokermark run\` (the wire client, all of the harness included) run in turns, ${effort.repetitions} ` +
          `times each, ${effort.measureSeconds} s measured after ${effort.jvmWarmupSeconds} s (PerfTest, for its JVM) ` +
          `and ${effort.warmupSeconds} s (brokermark) of the same load. CPU is user + system of the whole generator ` +
          'process from /proc/PID/stat, per message consumed: median (lowest-highest).',
      ],
      tables: [plainTable('CPU per message of the generator', HEADS, 2, rows)],
    },
    flags.out ?? (flags.quick ? null : PAGE),
  )
} finally {
  await broker.stop()
}
process.exit()

/** A B A B. @returns the two rows of a window. */
async function compare(
  address: string,
  { window, costRatioMax }: (typeof GOALS)[number],
): Promise<(string | TableCell)[][]> {
  const asked: Comparison = {
    pairs: 10,
    window,
    messageBytes: 1024,
    prefetch: 1000,
    measureSeconds: effort.measureSeconds,
  }
  const theirs: GeneratorCost[] = []
  const ours: GeneratorCost[] = []
  for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
    process.stderr.write(`window ${window}, repetition ${repetition} of ${effort.repetitions}\n`)
    theirs.push(await runPerfTest(jars, `amqp:${address}`, asked, effort.jvmWarmupSeconds))
    ours.push(await runBrokermark(`amqp091:${address}`, asked, effort.warmupSeconds))
  }
  const costRatio = medianOf(ours, 'cpuMicrosPerMessage') / medianOf(theirs, 'cpuMicrosPerMessage')
  const rateRatio = medianOf(ours, 'messagesPerSecond') / medianOf(theirs, 'messagesPerSecond')
  const isMet = costRatio <= costRatioMax && rateRatio >= 1
  const goal = `cost at most ${costRatioMax}, rate at least 1: ${isMet ? 'met' : 'missed'}`
  return [
    [String(window), `PerfTest ${PERF_TEST.version}`, ...figures(theirs), '1', '1', ''],
    [
      '',
      'brokermark run',
      ...figures(ours),
      figureText(costRatio),
      figureText(rateRatio),
      textCell(goal, isMet ? 'good' : 'bad'),
    ],
  ]
}

function figures(costs: readonly GeneratorCost[]): [string, string] {
  const micros = spreadOf(costs.map((cost) => cost.cpuMicrosPerMessage))
  const rate = spreadOf(costs.map((cost) => cost.messagesPerSecond))
  return [micros === null ? 'n/a' : spreadText(micros), rate === null ? 'n/a' : rateRange(rate)]
}

function rateRange({ median, min, max }: Spread): string {
  return `${countText(median)} (${countText(min)}-${countText(max)})`
}

function medianOf(costs: readonly GeneratorCost[], key: keyof GeneratorCost): number {
  return spreadOf(costs.map((cost) => cost[key]))?.median ?? Number.NaN
}
