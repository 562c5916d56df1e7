/**
 * What the harness itself costs per message: stamp, schedule, record, ledger, both ends, on the in-memory loopback
 * driver in one thread; alone, and with the monitors that watch a worker second by second for the gate. User + system CPU
 * of this process; both in turns, several rounds per point, the median is printed. The open model is offered more than it can
 * send: a pacer that keeps up spins, and uses the whole core whatever a message costs.
 *
 *   npm run bench:engine
 */
import { CONSTANT_RATE } from '../support/open-load.ts'
import { loopback } from '../../src/driver/loopback/loopback.ts'
import { clockSince, newEpochNs } from '../../src/measure/clock.ts'
import { COUNTER } from '../../src/measure/counters.ts'
import { allocateMeasurements, countersOf } from '../../src/measure/shared-measurements.ts'
import { realTiming } from '../../src/pacing/pacer.ts'
import { CellLoad } from '../../src/worker/cell-load.ts'
import { PLAIN_DELIVERY } from '../support/delivery-plan.ts'
import { ThreadWatch } from '../../src/worker/thread-watch.ts'
import type { Load } from '../../src/workload/workload.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 7)
const ROUND_SECONDS = 1
const MESSAGE_BYTES = 1024

interface Point {
  readonly pairs: number
  readonly load: Load
}

const POINTS: readonly Point[] = [
  ...[1, 10, 50, 100, 200].map((pairs) => ({ pairs, load: { model: 'closed', inFlight: 100 } as const })),
  ...[1, 200].map((pairs) => ({ pairs, load: { model: 'closed', inFlight: 1 } as const })),
  ...[1, 200].map((pairs) => ({
    pairs,
    load: { ...CONSTANT_RATE, ratePerSecond: 2_000_000, inFlight: 100 } as const,
  })),
]

async function measure({ pairs, load }: Point, round: number, isWatched: boolean): Promise<number> {
  const clock = clockSince(newEpochNs())
  const memory = allocateMeasurements()
  const indices = Array.from({ length: pairs }, (_, index) => index)
  const end = {
    client: 'wire',
    endpoint: {
      protocol: 'loopback',
      transport: 'memory',
      host: '',
      port: 0,
      path: '/',
      options: {},
      username: null,
      password: null,
      tls: null,
    },
    destinations: indices.map(
      (index) =>
        ({
          kind: 'queue',
          name: `bench-${pairs}-${load.model}-${load.inFlight}-${round}-${isWatched}-${index}`,
        }) as const,
    ),
  } as const
  const task = {
    producerEnd: end,
    consumerEnd: end,
    connectTimeoutMs: 1_000,
    connectionsPerSecond: 1e6,
    share: { producers: indices, consumers: indices },
    producersTotal: pairs,
    competing: false,
    perSubscription: false,
    clientIdPrefix: 'bench',
    load,
    delivery: PLAIN_DELIVERY,
    messageBytes: MESSAGE_BYTES,
    payload: { kind: 'random' },
    payloadFile: null,
    traceUs: null,
    messagesPerProducer: null,
    headerRun: 7,
    memory,
  } as const
  const cell = new CellLoad(
    task,
    { producer: loopback, consumer: loopback },
    realTiming(() => clock.nowUs(), 'spin'),
    (cause) => {
      throw cause
    },
  )
  await cell.connect()
  const startUs = clock.nowUs() + 10_000
  const measureFromUs = startUs + 300_000
  const measureToUs = measureFromUs + ROUND_SECONDS * 1e6
  const phases = { startUs, measureFromUs, measureToUs }
  const watch = isWatched ? new ThreadWatch(() => clock.nowUs()) : null
  watch?.start(phases)
  cell.start(phases)
  await wait((measureFromUs - clock.nowUs()) / 1_000)
  const counters = countersOf(memory)
  const before = { cpu: process.cpuUsage(), delivered: counters[COUNTER.delivered] ?? 0 }
  await wait((measureToUs - clock.nowUs()) / 1_000 - 50)
  const cpu = process.cpuUsage(before.cpu)
  const delivered = (counters[COUNTER.delivered] ?? 0) - before.delivered
  cell.stop()
  watch?.stop()
  await wait(20)
  await cell.close()
  return (cpu.user + cpu.system) / delivered
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

console.log('| connections | model | CPU us per message | with the monitors |')
console.log('| ---: | --- | ---: | ---: |')
for (const point of POINTS) {
  const alone: number[] = []
  const watched: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await measure(point, round, false))
    watched.push(await measure(point, round, true))
  }
  const model = point.load.model === 'closed' ? `closed(${point.load.inFlight})` : `open ${point.load.ratePerSecond}/s`
  console.log(`| ${point.pairs * 2} | ${model} | ${rangeText(alone)} | ${rangeText(watched)} |`)
}

function rangeText(costs: readonly number[]): string {
  return `${median(costs).toFixed(2)} (${Math.min(...costs).toFixed(2)}-${Math.max(...costs).toFixed(2)})`
}
