/**
 * The client's own code is made fast before it touches the broker (method.md R8.8): the same client, in the same threads,
 * first loads the broker inside, which runs in a process of its own and is gone before the measured broker hears anything.
 */
import { readFileSync } from 'node:fs'
import type { ClientKind, Protocol } from '../driver/driver.ts'
import { clockSince, newEpochNs } from '../measure/clock.ts'
import { systemReason } from '../result/system-reason.ts'
import type { ThreadPool } from '../worker/crew.ts'
import type { Cell } from '../workload/cell.ts'
import type { BrokerTarget, EmbeddedTarget, Target } from '../workload/target.ts'
import type { RepetitionEvents } from './repetition.ts'
import { runCell } from './run-cell.ts'
import { driverOf, openTarget } from './target-session.ts'

/** More connections make nothing warmer. */
const PAIRS_MAX = 16
/** An open model has no messages in flight of its own. */
const IN_FLIGHT_MAX = 100
/** Bodies under way at once, so that large messages do not fill the memory of the broker inside. */
const BYTES_IN_FLIGHT_MAX = 32 * 1024 * 1024
const DRAIN_SECONDS_MAX = 5
const TIMEOUT_MS = 10_000

/** A protocol by a client, as a target's options want it. */
interface WarmedEnd {
  readonly protocol: Protocol
  readonly client: ClientKind
  /** WebSocket has framing of its own to make fast. TLS has none in our code: its targets are warmed up without. */
  readonly isWebSocket: boolean
  readonly options: Readonly<Record<string, string>>
}

/** Which clients the threads of a process have run before; a client is warmed up once. */
export class ClientWarmup {
  readonly #threads: ThreadPool
  readonly #threadCount: number
  readonly #events: Pick<RepetitionEvents, 'tell'>
  readonly #signal: AbortSignal
  readonly #warmed = new Map<string, { readonly seconds: number; readonly renewals: number }>()
  readonly #tried = new Set<string>()

  /** @param threads all of them are free, and there are `threadCount`. */
  constructor(threads: ThreadPool, threadCount: number, events: Pick<RepetitionEvents, 'tell'>, signal: AbortSignal) {
    this.#threads = threads
    this.#threadCount = threadCount
    this.#events = events
    this.#signal = signal
  }

  /** Warms up every client that `cells` of this target need and nobody has warmed up. Never rejects: it warns. */
  async warm(target: Target, cells: readonly Cell[]): Promise<void> {
    for (const cell of cells) {
      for (const end of endsOf(target, cell)) {
        if (this.#signal.aborted) return
        if (this.#tried.has(nameOf(end))) continue
        this.#tried.add(nameOf(end))
        await this.#warmEnd(cell, end)
      }
    }
  }

  /** For how long the clients of this cell were warmed up in the threads that there are now; null where one was not. */
  secondsOf(target: Target, cell: Cell): number | null {
    const ends = endsOf(target, cell)
    if (ends.length === 0) return null
    const seconds = ends.map((end) => {
      const warmed = this.#warmed.get(nameOf(end))
      return warmed?.renewals === this.#threads.renewals ? warmed.seconds : 0
    })
    const shortest = Math.min(...seconds)
    return shortest === 0 ? null : shortest
  }

  async #warmEnd(cell: Cell, end: WarmedEnd): Promise<void> {
    const seconds = cell.phases.clientWarmupSeconds
    this.#events.tell({ kind: 'client-warm-up', client: nameOf(end), seconds })
    const why = await this.#load(warmupCell(cell, end, this.#threadCount), end).catch(systemReason)
    if (this.#signal.aborted) return
    if (why === null) this.#warmed.set(nameOf(end), { seconds, renewals: this.#threads.renewals })
    else this.#events.tell({ kind: 'warning', sentence: `${nameOf(end)} was not warmed up before the broker: ${why}` })
  }

  /** @returns null, or what went wrong in one sentence. */
  async #load(cell: Cell, end: WarmedEnd): Promise<string | null> {
    const session = await openTarget(targetOf(end), TIMEOUT_MS, { pid: null, cgroupPath: null })
    try {
      const driver = await driverOf(end.protocol, end.client)
      const epochNs = newEpochNs()
      const { content } = cell.payload
      const { result } = await runCell(cell, {
        session,
        driver,
        consumerDriver: driver,
        threads: this.#threads,
        threadCount: this.#threadCount,
        epochNs,
        clock: clockSince(epochNs),
        order: 0,
        payloadFile: content.kind === 'file' ? readFileSync(content.path) : null,
        traceUs: null,
        floor: null,
        signal: this.#signal,
        onInterval: () => undefined,
      })
      if ((result.integrity?.received ?? 0) > 0) return null
      return result.verdict.reasons[0]?.text ?? 'no message arrived'
    } finally {
      await session.end()
    }
  }
}

/** Both ends where they differ; none on the broker inside, or where it is not wanted. */
function endsOf(target: Target, cell: Cell): readonly WarmedEnd[] {
  if (target.kind !== 'broker' || cell.phases.clientWarmupSeconds === 0) return []
  const { protocol, client, consumer } = cell
  const endOf = ([{ options, transport }]: BrokerTarget['endpoints']): Pick<WarmedEnd, 'options' | 'isWebSocket'> => ({
    options,
    isWebSocket: transport === 'ws' || transport === 'wss',
  })
  const producers = { protocol, client, ...endOf(target.endpoints) }
  if (consumer === null) return [producers]
  const { endpoints } = target.consumerEnd ?? target
  return [producers, { protocol: consumer.protocol, client: consumer.client, ...endOf(endpoints) }]
}

function targetOf({ protocol, options, isWebSocket }: WarmedEnd): EmbeddedTarget {
  // The virtual hosts of the broker inside are not those of the target.
  const known = Object.entries(options).filter(([name]) => name !== 'vhost')
  return { kind: 'embedded', label: 'embedded:', protocol, options: Object.fromEntries(known), faults: {}, isWebSocket }
}

/** The cell's own load, closed, between so many pairs that every thread has one. */
export function warmupCell(
  cell: Cell,
  { protocol, client }: Pick<WarmedEnd, 'protocol' | 'client'>,
  threads: number,
): Cell {
  const { consumer, crew, delivery, load, messageBytes, phases } = cell
  const wanted = Math.min(PAIRS_MAX, Math.max(crew.producers, crew.consumers))
  const pairs = Math.max(threads, Math.min(wanted, Math.floor(BYTES_IN_FLIGHT_MAX / messageBytes)))
  const inFlight = Math.min(
    load.model === 'closed' ? load.inFlight : IN_FLIGHT_MAX,
    IN_FLIGHT_MAX,
    Math.max(1, Math.floor(BYTES_IN_FLIGHT_MAX / (pairs * messageBytes))),
  )
  return {
    ...cell,
    protocol,
    client,
    consumer: null,
    crew: { producers: pairs, consumers: pairs },
    load: { model: 'closed', inFlight },
    destination: { ...cell.destination, name: null, declare: true, arguments: {} },
    layout: { kind: 'per-pair' },
    // What one end can, the other's protocol may not be able to do at both of its own.
    delivery: consumer === null ? delivery : { ...delivery, subscription: 'plain', transactionMessages: null },
    phases: {
      ...phases,
      warmupSeconds: phases.clientWarmupSeconds,
      measureSeconds: 0,
      messagesPerProducer: null,
      drainSeconds: Math.min(DRAIN_SECONDS_MAX, phases.drainSeconds),
    },
  }
}

/** `stomp by wire`, `stomp by wire over WebSocket`. */
function nameOf({ protocol, client, isWebSocket }: WarmedEnd): string {
  return `${protocol} by ${client}${isWebSocket ? ' over WebSocket' : ''}`
}
