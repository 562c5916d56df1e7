/** All drivers on one broker: opened together, measured in turns, so that a slow minute of the machine hits all of them. */
import { launchEmbedded } from '../../../src/broker/embedded/launch-embedded.ts'
import { launchBroker } from '../../../src/broker/launch/launch.ts'
import type { Protocol } from '../../../src/driver/driver.ts'
import type { Cost } from './exchange.ts'
import type { BenchBroker, Subject } from './subjects.ts'
import { WorkerProcess } from './worker-process.ts'

export interface Effort {
  readonly windows: readonly number[]
  readonly repetitions: number
  readonly measureSeconds: number
  /** For each driver and window, before anything is measured: both ends are compiled by then. */
  readonly warmupSeconds: number
  readonly bodyBytes: number
}

/** One driver on one broker, measured as far as it went. */
export interface Row {
  readonly subject: Subject
  /** By window. */
  readonly costs: ReadonlyMap<number, readonly Cost[]>
  /** The bare ping-pong of its bytes, beside each repetition of window 1; empty where there is none. */
  readonly floors: readonly Cost[]
  /** Why it could not be opened: on the embedded broker, that the protocol is not spoken. */
  readonly refusal: string | null
  /** What stopped it later. */
  readonly failure: string | null
}

interface Runner extends Row {
  readonly worker: WorkerProcess
  readonly costs: Map<number, Cost[]>
  readonly floors: Cost[]
  floor: WorkerProcess | null
  refusal: string | null
  failure: string | null
}

/** @param say progress, one line each. Never rejects for what a broker does; that is in the rows. */
export async function measureBroker(
  broker: BenchBroker,
  subjects: readonly Subject[],
  effort: Effort,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const targets = broker === 'embedded' ? new EmbeddedTargets() : await launchBroker(broker)
  const runners = subjects.map(newRunner)
  try {
    for (const runner of runners) {
      say(`${nameOf(runner.subject)}: open and warm up`)
      await open(runner, await urlOf(targets, runner.subject.protocol), effort)
      for (const window of effort.windows) await measure(runner, window, effort.warmupSeconds)
      if (broker === 'embedded' && runner.subject.client === 'wire') await openFloorOf(runner, effort)
      runner.costs.clear()
      runner.floors.length = 0
    }
    for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
      say(`${broker}: repetition ${repetition} of ${effort.repetitions}`)
      const order = repetition % 2 === 1 ? runners : runners.toReversed()
      for (const window of effort.windows) {
        for (const runner of order) {
          await measure(runner, window, effort.measureSeconds)
          if (window === 1) await measureFloor(runner, effort.measureSeconds)
        }
      }
    }
  } finally {
    for (const { worker, floor } of runners) {
      worker.end()
      floor?.end()
    }
    await targets.stop()
  }
  return runners
}

/** Each driver has an embedded broker of its own: a process that speaks one protocol is compiled for it. */
class EmbeddedTargets {
  readonly #stops: (() => Promise<void>)[] = []

  async urlOf(protocol: Protocol): Promise<string> {
    const broker = await launchEmbedded()
    this.#stops.push(() => broker.stop())
    return `${protocol}://${broker.host}:${broker.port}`
  }

  async stop(): Promise<void> {
    await Promise.all(this.#stops.map((stop) => stop()))
  }
}

async function urlOf(
  targets: EmbeddedTargets | { readonly targets: ReadonlyMap<string, string> },
  protocol: Protocol,
): Promise<string> {
  return targets instanceof EmbeddedTargets ? targets.urlOf(protocol) : (targets.targets.get(protocol) ?? '')
}

function newRunner(subject: Subject): Runner {
  const worker = new WorkerProcess()
  return { subject, worker, costs: new Map(), floors: [], floor: null, refusal: null, failure: null }
}

async function open(runner: Runner, url: string, effort: Effort): Promise<void> {
  const { protocol, client } = runner.subject
  const { windows, bodyBytes } = effort
  const answer = await runner.worker.ask({ kind: 'open-pairs', protocol, client, url, windows, bodyBytes })
  if (answer.kind === 'failed') runner.refusal = answer.text
}

async function measure(runner: Runner, window: number, seconds: number): Promise<void> {
  if (runner.refusal !== null || runner.failure !== null) return
  const answer = await runner.worker.ask({ kind: 'measure', window, seconds })
  if (answer.kind === 'failed') runner.failure = `window ${window}: ${answer.text}`
  if (answer.kind === 'measured') runner.costs.set(window, [...(runner.costs.get(window) ?? []), answer.cost])
}

/** The bytes are those of the warm-up, where the driver has just counted them. */
async function openFloorOf(runner: Runner, effort: Effort): Promise<void> {
  const traffic = runner.costs.get(1)?.at(-1)?.traffic ?? null
  if (traffic === null) return
  const bytes = {
    published: Math.round(traffic.publishedBytes),
    confirm: Math.round(traffic.confirmBytes),
    delivery: Math.round(traffic.deliveryBytes),
    acknowledgement: Math.round(traffic.acknowledgementBytes),
  }
  runner.floor = new WorkerProcess()
  await runner.floor.ask({ kind: 'open-floor', bytes })
  await measureFloor(runner, effort.warmupSeconds)
}

async function measureFloor(runner: Runner, seconds: number): Promise<void> {
  const answer = await runner.floor?.ask({ kind: 'measure', window: 1, seconds })
  if (answer?.kind === 'measured') runner.floors.push(answer.cost)
}

function nameOf({ broker, protocol, client }: Subject): string {
  return `${protocol} by ${client} on ${broker}`
}
