import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { clockSince } from '../measure/clock.ts'
import { worstProof, type ClockProof } from '../measure/clock-offset.ts'
import type { CellTask, FromWorker, SeamFailure, ToWorker, WorkerEnd, WorkerLedger } from './messages.ts'
import type { PhaseTimes } from './phase-plan.ts'
import { proveClocks } from './prove-clocks.ts'

/** How long workers may take to hand in their ledgers or to close before they count as hung. */
const ANSWER_DEADLINE_MS = 30_000

/** The threads of a campaign, kept over its cells so that the JIT stays warm. */
export class ThreadPool {
  readonly #threads: number
  readonly #entry: URL
  #pool: Piscina
  #clocks: { readonly epochNs: bigint; readonly proof: ClockProof | null } | null = null
  #renewals = 0

  /** @param entry what the threads run; another than production's only in tests. */
  constructor(threads: number, entry = new URL('./worker.js', import.meta.url)) {
    this.#threads = threads
    this.#entry = entry
    this.#pool = newPool(threads, entry)
  }

  get pool(): Piscina {
    return this.#pool
  }

  /** How often the threads were replaced: what V8 has learned goes with them. */
  get renewals(): number {
    return this.#renewals
  }

  /** Of the thread whose clock fares worst against the main thread's; null where that was not looked into. */
  get clockProof(): ClockProof | null {
    return this.#clocks?.proof ?? null
  }

  /** Compares every thread's clock with this one's (R2.2); no thread has a task. @throws Error when one does not answer. */
  async proveClocks(epochNs: bigint): Promise<void> {
    const proofs = await proveClocks(this.#pool, this.#threads, epochNs, clockSince(epochNs))
    this.#clocks = { epochNs, proof: worstProof(proofs) }
  }

  /** Throws the threads away, hung ones too, and starts fresh ones, whose clocks are proved if the others' were. */
  async renew(): Promise<void> {
    await this.#pool.destroy()
    this.#pool = newPool(this.#threads, this.#entry)
    this.#renewals++
    if (this.#clocks !== null) await this.proveClocks(this.#clocks.epochNs)
  }

  async destroy(): Promise<void> {
    await this.#pool.destroy()
  }
}

function newPool(threads: number, entry: URL): Piscina {
  return new Piscina({
    filename: entry.href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    // With its default, idle workers wait in Atomics.wait and their sockets starve.
    atomics: 'disabled',
  })
}

/** A cell went wrong in a worker: a connection at the seam, or the thread itself (`worker-died`). */
export class CrewError extends Error {
  override readonly name = 'CrewError'
  readonly code: SeamFailure['code'] | 'worker-died' | 'worker-hung'

  constructor(code: CrewError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A task without what the crew makes itself. */
export type CrewTask = Omit<CellTask, 'port'>

interface Member {
  readonly port: MessagePort
  readonly end: Promise<WorkerEnd>
  ledger: WorkerLedger | null
  isConnected: boolean
}

/** The workers of one cell, seen from the main thread: assemble, start, collect, close. */
export class Crew {
  readonly #members: readonly Member[]
  readonly #answerDeadlineMs: number
  #failure: CrewError | null = null
  #lost: SeamFailure | null = null
  /** Called whenever a message or a failure may have made somebody's condition true. */
  #notify: () => void = () => undefined

  /** @param answerDeadlineMs for the ledgers, and again for the end; default 30 s. */
  constructor(pool: Piscina, tasks: readonly CrewTask[], answerDeadlineMs = ANSWER_DEADLINE_MS) {
    this.#answerDeadlineMs = answerDeadlineMs
    this.#members = tasks.map((task) => this.#enlist(pool, task))
  }

  /** The first connection that was lost after the start; null while all hold. */
  get lost(): SeamFailure | null {
    return this.#lost
  }

  /** A worker that died or could not connect; null while all is well. */
  get failure(): CrewError | null {
    return this.#failure
  }

  /** Resolves when every connection of every worker is open, or at once when `signal` is aborted. @throws CrewError */
  async connected(signal: AbortSignal): Promise<void> {
    const look = (): void => this.#notify()
    signal.addEventListener('abort', look, { once: true })
    try {
      await this.#until(() => signal.aborted || this.#members.every((member) => member.isConnected), null)
    } finally {
      signal.removeEventListener('abort', look)
    }
  }

  start(phases: PhaseTimes): void {
    this.#post({ kind: 'start', phases })
  }

  stop(): void {
    this.#post({ kind: 'stop' })
  }

  /** Asks for the ledgers as they stand now. @throws CrewError */
  async ledgers(): Promise<readonly WorkerLedger[]> {
    for (const member of this.#members) member.ledger = null
    this.#post({ kind: 'send-ledger' })
    await this.#until(() => this.#members.every((member) => member.ledger !== null), this.#answerDeadlineMs)
    return this.#members.flatMap((member) => (member.ledger === null ? [] : [member.ledger]))
  }

  /**
   * Closes every connection in order and waits for the workers' ends.
   * @param deadlineMs for the ends; absent: as for every answer. @throws CrewError `worker-hung`
   */
  async close(deadlineMs = this.#answerDeadlineMs): Promise<readonly WorkerEnd[]> {
    this.#post({ kind: 'close' })
    const ends = Promise.allSettled(this.#members.map((member) => member.end))
    const settled = await withDeadline(ends, deadlineMs)
    if (settled === null) throw new CrewError('worker-hung', `a worker did not end within ${deadlineMs / 1_000} s`)
    return settled.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
  }

  #enlist(pool: Piscina, task: CrewTask): Member {
    const { port1, port2 } = new MessageChannel()
    const end = pool.run({ ...task, port: port2 } satisfies CellTask, { transferList: [port2] }) as Promise<WorkerEnd>
    const member: Member = { port: port1, end, ledger: null, isConnected: false }
    port1.on('message', (message: FromWorker) => this.#hear(member, message))
    end.then(
      () => port1.close(),
      (error: unknown) => {
        port1.close()
        const cause = error instanceof Error ? error : new Error(String(error))
        this.#fail(new CrewError('worker-died', `a worker thread died: ${cause.message}`, { cause }))
      },
    )
    return member
  }

  #hear(member: Member, message: FromWorker): void {
    switch (message.kind) {
      case 'connected':
        member.isConnected = true
        break
      case 'connect-failed':
        this.#fail(new CrewError(message.failure.code, message.failure.message))
        break
      case 'connection-lost':
        this.#lost ??= message.failure
        break
      case 'ledger':
        member.ledger = message.ledger
        break
    }
    this.#notify()
  }

  #fail(error: CrewError): void {
    this.#failure ??= error
    this.#notify()
  }

  #post(message: ToWorker): void {
    for (const member of this.#members) member.port.postMessage(message)
  }

  /** Waits until `condition` holds or the crew has failed. */
  async #until(condition: () => boolean, deadlineMs: number | null): Promise<void> {
    const met = new Promise<void>((resolve) => {
      this.#notify = () => {
        if (this.#failure !== null || condition()) resolve()
      }
      this.#notify()
    })
    const answered =
      deadlineMs === null
        ? await met.then(() => true)
        : await withDeadline(
            met.then(() => true),
            deadlineMs,
          )
    if (this.#failure !== null) throw this.#failure
    if (answered === null)
      throw new CrewError('worker-hung', `a worker did not answer within ${(deadlineMs ?? 0) / 1_000} s`)
  }
}

/** Null when the deadline passed first. */
async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), deadlineMs)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}
