/**
 * One stall of 500 ms in 5 s at 2,000 messages per second, as four ways of measuring see it: the loops and recorders of
 * production on the stub broker in virtual time (test/oracle), so every figure is exact and the same on every machine.
 * Written by `npm run charts` as docs/method/stall.md and stall.svg.
 */
import type { ChartSpec } from '../../src/report/charts/chart.ts'
import { latencyAxis } from '../../src/report/charts/panel.ts'
import { lightConfig } from '../../src/report/charts/theme.ts'
import { summarizeLatency, valueAtQuantile } from '../../src/measure/latency-summary.ts'
import type { LatencyCounts } from '../../src/measure/latency-recorder.ts'
import { countText, millisecondsText } from '../../src/report/number-text.ts'
import { renderSvg, type ReportFile } from '../../src/report/render.ts'
import { runVirtualCell, type VirtualCell, type VirtualOutcome } from '../oracle/virtual-cell.ts'
import { CONSTANT_RATE } from '../support/open-load.ts'

const RATE_PER_SECOND = 2_000
const STALL_MS = 500
const MEASURE_SECONDS = 5
/** The stub takes so long for each message, so that time passes in a closed loop. */
const SERVICE_US = 60
const FAULTS = { stallMs: String(STALL_MS), stallEveryMs: '5000', serviceMicros: String(SERVICE_US) }
const WINDOW = 32
/** Samples that one step of the tail needs: 368 for p99, 3,688 for p99.9 (method.md R3.2). */
const SAMPLES_PER_TAIL = 3.68
/** Points of a curve per factor of ten in the tail. */
const POINTS_PER_DECADE = 60

/** The same stall, seen in one way. */
export interface StallView {
  readonly name: string
  /** What the latency counts from. */
  readonly from: string
  readonly latency: LatencyCounts
}

/** Runs the three cells: the windowed one is seen twice, by its response and by its service latency. */
export async function stallViews(): Promise<readonly StallView[]> {
  const open = await measured({ ...CONSTANT_RATE, ratePerSecond: RATE_PER_SECOND, inFlight: 1_000_000 })
  const windowed = await measured({ ...CONSTANT_RATE, ratePerSecond: RATE_PER_SECOND, inFlight: WINDOW })
  const closed = await measured({ model: 'closed', inFlight: 1 })
  return [
    { name: 'brokermark, open model', from: 'the intended time', latency: open.endToEndResponse },
    {
      name: `brokermark, open model, at most ${WINDOW} in flight`,
      from: 'the intended time',
      latency: windowed.endToEndResponse,
    },
    {
      name: 'the same run, stamped at the actual send',
      from: 'the actual send',
      latency: windowed.endToEndService,
    },
    { name: 'closed model, 1 in flight', from: 'the actual send', latency: closed.endToEndService },
  ]
}

/** Response latency that queueing theory gives for the open model: Q(q) = D - (1 - q)(1 - rho) T, in ms. */
export function analyticMs(quantile: number): number {
  const load = (RATE_PER_SECOND * SERVICE_US) / 1e6
  return Math.max(0, STALL_MS - (1 - quantile) * (1 - load) * MEASURE_SECONDS * 1_000)
}

/** The page and its picture, as files of the repository. */
export async function stallFiles(): Promise<ReportFile[]> {
  const views = await stallViews()
  return [
    { path: 'docs/method/stall.md', content: page(views) },
    { path: 'docs/method/stall.svg', content: `${await renderSvg(spec(views), 'stall')}\n` },
  ]
}

async function measured(load: VirtualCell['load']): Promise<VirtualOutcome['latencies']> {
  const { latencies } = await runVirtualCell({ load, measureSeconds: MEASURE_SECONDS, faults: FAULTS })
  return latencies
}

function page(views: readonly StallView[]): string {
  const heads = ['Measured as', 'Counted from', 'Messages', 'mean', 'p50', 'p95', 'p99', 'p99.9', 'max']
  const analytic = ['theory, open model', 'the intended time', '', '', '', analyticMs(0.95), analyticMs(0.99)]
  const rows = [
    [
      ...analytic.map((figure) => (typeof figure === 'number' ? figure.toFixed(1) : figure)),
      analyticMs(0.999).toFixed(1),
      '500',
    ],
    ...views.map(rowOf),
  ]
  const table = [heads, heads.map((_, place) => (place < 2 ? '---' : '---:')), ...rows]
  return `# One stall of ${STALL_MS} ms, seen in four ways

Made by \`npm run charts\` (test/bench/stall.ts); not edited by hand.

A broker that answers in ${SERVICE_US} us freezes once for ${STALL_MS} ms in ${MEASURE_SECONDS} s. It is offered ${countText(RATE_PER_SECOND)} messages per second, or, in the closed model, one
at a time. The broker is a stub in virtual time, the loops, windows and recorders are those of production: the figures are exact, and
the same on every machine. They are not measurements of a product.

![Latency by percentile of the same stall](stall.svg)

Latency in ms:

${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

One message in ten came due during the stall. The two rows of brokermark's open model say so, with and without a window of messages in
flight: latency counts from the instant at which a message was due.

The third row is the same run as the second. Its ${WINDOW} messages in flight were all waiting for the broker, so the others did not leave, and
a stamp at the actual send counts nothing of their wait: ${WINDOW} of 10,000 messages met the stall, and p99 does not see them. What it does
see, ${millisecondsText(WINDOW * SERVICE_US)} ms, is a full window at the broker while the backlog is worked off. This is what a tool says that takes its stamp after its
rate limiter or its confirm window ([coordinated omission](coordinated-omission.md)).

The closed model asks for the next message when the last one has arrived: one message met the stall. Its figure is right for its own
question, how fast one message after the other can go; it is no latency that a user would have ([open and closed](open-and-closed.md)).

The percentiles are those of this one run of five seconds. A result of brokermark would also say how many independent samples they rest on
([samples](samples.md)): one stall is one, whatever the number of messages, and says nothing of how often stalls come.

The theory: a message that arrives u into a stall of D waits D - u (1 - rho), so Q(q) = D - (1 - q)(1 - rho) T, with T the time between
stalls and rho = ${((RATE_PER_SECOND * SERVICE_US) / 1e6).toFixed(2)} the load without it.
`
}

function rowOf({ name, from, latency }: StallView): string[] {
  const { count, mean, p50, p99, p999, max } = summarizeLatency(latency)
  const p95 = valueAtQuantile(latency.counts, count, 0.95)
  const figures = [mean, p50, p95, p99, p999, max]
  return [name, from, countText(count), ...figures.map((us) => (us === null ? 'n/a' : millisecondsText(us)))]
}

function spec(views: readonly StallView[]): ChartSpec {
  const rows = views.flatMap(curveOf)
  const names = views.map(({ name }) => name)
  const summary = `Latency by percentile of one stall of ${STALL_MS} ms in ${MEASURE_SECONDS} s: from the 95th percentile on the open model shows 250 to 500 ms, with and without a window; stamped at the actual send, the same run stays under 3 ms up to p99; the closed model does so beyond p99.9.`
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: summary,
    title: {
      text: `The same stall of ${STALL_MS} ms, measured in four ways`,
      subtitle: [
        `Latency by percentile. ${countText(RATE_PER_SECOND)} messages/s for ${MEASURE_SECONDS} s, one freeze of ${STALL_MS} ms.`,
        `The broker is a stub of ${SERVICE_US} us a message in virtual time.`,
        'Both axes log; each curve ends where its samples are too few.',
      ],
    },
    config: lightConfig,
    data: { values: rows },
    width: 600,
    height: 340,
    mark: { type: 'line', interpolate: 'step-after' },
    encoding: {
      x: {
        field: 'stretched',
        type: 'quantitative',
        title: 'Percentile',
        scale: { type: 'log', nice: false },
        axis: {
          values: [1, 10, 20, 100, 1_000, 10_000],
          labelExpr:
            "datum.value < 2 ? '0 %' : datum.value < 15 ? '90 %' : datum.value < 50 ? '95 %' : " +
            "datum.value < 200 ? '99 %' : datum.value < 2000 ? '99.9 %' : '99.99 %'",
          labelFlush: true,
        },
      },
      y: latencyAxis(rows.map((row) => Number(row['ms']))),
      color: { field: 'view', type: 'nominal', sort: null, scale: { domain: names }, legend: legendOf() },
      strokeDash: {
        field: 'view',
        type: 'nominal',
        sort: null,
        scale: {
          domain: names,
          range: [
            [1, 0],
            [6, 3],
            [1, 0],
            [2, 2],
          ],
        },
        legend: legendOf(),
      },
    },
  }
}

function legendOf(): ChartSpec {
  return { title: null, direction: 'vertical', columns: 1, labelLimit: 400, symbolType: 'stroke', symbolSize: 400 }
}

/** Stretched as 1 / (1 - q), evenly on the log axis, as far as the samples reach. */
function curveOf({ name, latency }: StallView): ChartSpec[] {
  const { count } = summarizeLatency(latency)
  const steps = Math.floor(Math.log10(count / SAMPLES_PER_TAIL) * POINTS_PER_DECADE)
  return Array.from({ length: steps + 1 }, (_, step) => {
    const stretched = 10 ** (step / POINTS_PER_DECADE)
    const us = valueAtQuantile(latency.counts, count, 1 - 1 / stretched) ?? 0
    return { view: name, stretched: Number(stretched.toPrecision(6)), ms: Math.max(us, 1) / 1_000 }
  })
}
