/**
 * What the deterministic stub does to message k at time t. Pure: no clock, timer, socket or random source of its own, so
 * the same object serves the embedded broker in real time and the loopback driver in virtual time.
 *
 * Order of the faults on one message: never answered > dropped > (duplicated, corrupted, held back, displaced), so a
 * message that is the k-th for two of the first three suffers only the first. The counts say what was really injected.
 */
import type { FaultConfig } from './fault-config.ts'
import { PeriodicWindow } from './periodic-window.ts'

/** What is to happen to one message. The model re-uses one record: read it before the next `onPublish`. */
export interface MessageFate {
  /** When the message is served, in the caller's microseconds: stored, confirmed and ready for delivery. Never falls from one
   * answered message to the next. */
  readonly serveAtUs: number
  /** When it may be delivered: `serveAtUs`, later if held back, Infinity if held back for good. */
  readonly deliverAtUs: number
  /** False: neither stored nor confirmed; `copies` is 0. */
  readonly answered: boolean
  /** How often it is delivered: 0 = lost after the confirm, 2 = duplicated, one right behind the other. */
  readonly copies: 0 | 1 | 2
  /** Number of later messages of the same queue that are to overtake it; 0 = keeps its place. See `Displacement`. */
  readonly displaceBy: number
  /** One byte of its body is to be changed, at `corruptedByte`. */
  readonly corrupt: boolean
  /** The connection that brought it is to be cut now; `answered` is false then. */
  readonly cut: boolean
}

/** Faults injected so far, in messages. What a ledger must find again. */
export interface FaultCounts {
  /** Messages that the model has decided on. */
  readonly published: number
  /** Confirmed and never delivered. Messages held back for good are not among them. */
  readonly dropped: number
  readonly duplicated: number
  /** Really overtaken by at least one message of their queue. */
  readonly reordered: number
  readonly heldBack: number
  readonly corrupted: number
  /** Neither stored nor answered: by `loseUnconfirmed` and by the cut. */
  readonly unanswered: number
  /** Connections cut. */
  readonly cut: number
}

/** Displaced messages leave at the latest when their queue has been quiet for this long: at the end of a run. */
export const DISPLACED_QUIET_US = 100_000

/** The byte of a body that corruption changes: inside the harness's header, where its checksum must see it. */
export function corruptedByte(bodyBytes: number): number {
  return Math.min(24, bodyBytes - 1)
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export class FaultModel {
  readonly #config: FaultConfig
  readonly #stall: PeriodicWindow | null
  /** When publishers are not read from; null = always. The caller looks at it: no message has arrived yet. */
  readonly stopReading: PeriodicWindow | null
  readonly #holdBackUs: number
  readonly #slotUs: number
  readonly #counts: Mutable<FaultCounts> = noFaults()
  readonly #fate: Mutable<MessageFate> = {
    serveAtUs: 0,
    deliverAtUs: 0,
    answered: true,
    copies: 1,
    displaceBy: 0,
    corrupt: false,
    cut: false,
  }
  #started = false
  #serverFreeAtUs = -Infinity
  #slotFreeAtUs = -Infinity
  #randomState: number

  constructor(config: FaultConfig) {
    this.#config = config
    this.#stall = config.stall === null ? null : new PeriodicWindow(config.stall)
    this.stopReading = config.stopReading === null ? null : new PeriodicWindow(config.stopReading)
    this.#holdBackUs = config.holdBackMs === null ? Infinity : config.holdBackMs * 1000
    this.#slotUs = config.capacityPerSecond === null ? 0 : 1_000_000 / config.capacityPerSecond
    this.#randomState = config.seed
  }

  /** Time zero of the periodic faults: the first publish, unless this was called before it. Later calls do nothing. */
  startAt(nowUs: number): void {
    if (this.#started) return
    this.#started = true
    this.#stall?.startAt(nowUs)
    this.stopReading?.startAt(nowUs)
  }

  /** Whether `startAt` or the first publish has set time zero; before that no periodic fault is on. */
  get started(): boolean {
    return this.#started
  }

  /**
   * Decides on one message.
   * @param sequenceInQueue 1 for the first message that its queue ever got, without gaps (unanswered ones count too).
   * @param nowUs when it arrived; must not fall from call to call.
   */
  onPublish(sequenceInQueue: number, nowUs: number): MessageFate {
    this.startAt(nowUs)
    const config = this.#config
    const counts = this.#counts
    const fate = this.#fate
    const ordinal = ++counts.published
    fate.cut = ordinal === config.cutAfterMessages
    fate.answered = !fate.cut && !isEvery(config.loseUnconfirmed, sequenceInQueue)
    fate.copies = 0
    fate.displaceBy = 0
    fate.corrupt = false
    if (fate.cut) counts.cut++
    if (!fate.answered) {
      counts.unanswered++
      fate.serveAtUs = nowUs
      fate.deliverAtUs = Infinity
      return fate
    }
    fate.serveAtUs = this.#serve(nowUs)
    fate.deliverAtUs = fate.serveAtUs
    if (isEvery(config.dropEvery, sequenceInQueue)) counts.dropped++
    else this.#deliver(fate, ordinal, sequenceInQueue)
    return fate
  }

  /** The stub serves nothing at `nowUs`: the end of the stall; otherwise `nowUs`. */
  servesAgainAt(nowUs: number): number {
    return this.#stall === null || !this.#started ? nowUs : this.#stall.endOrSame(nowUs)
  }

  /** To be called when a displaced message has been overtaken by at least one other. */
  countReordered(): void {
    this.#counts.reordered++
  }

  counts(): FaultCounts {
    return { ...this.#counts }
  }

  #deliver(fate: Mutable<MessageFate>, ordinal: number, sequenceInQueue: number): void {
    const config = this.#config
    const counts = this.#counts
    fate.copies = 1
    if (isEvery(config.duplicateEvery, sequenceInQueue)) {
      fate.copies = 2
      counts.duplicated++
    }
    if (isEvery(config.corruptEvery, sequenceInQueue)) {
      fate.corrupt = true
      counts.corrupted++
    }
    if (ordinal <= config.holdBack) {
      fate.deliverAtUs = fate.serveAtUs + this.#holdBackUs
      counts.heldBack++
    } else if (isEvery(config.reorderEvery, sequenceInQueue)) {
      fate.displaceBy = config.reorderBy
    }
  }

  #serve(nowUs: number): number {
    let atUs = nowUs
    if (this.#config.serviceMicros !== null) {
      const startUs = Math.max(atUs, this.#serverFreeAtUs)
      const workUs = this.#serviceUs(this.#config.serviceMicros)
      atUs = this.#stall === null ? startUs + workUs : this.#stall.finish(startUs, workUs)
      this.#serverFreeAtUs = atUs
    }
    if (this.#slotUs > 0) {
      atUs = this.#afterStall(Math.max(atUs, this.#slotFreeAtUs))
      this.#slotFreeAtUs = this.#stall === null ? atUs + this.#slotUs : this.#stall.finish(atUs, this.#slotUs)
    }
    return this.#afterStall(atUs)
  }

  #afterStall(timeUs: number): number {
    return this.#stall === null ? timeUs : this.#stall.endOrSame(timeUs)
  }

  #serviceUs(meanUs: number): number {
    return this.#config.service === 'fixed' ? meanUs : -meanUs * Math.log(1 - this.#random())
  }

  /** mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for service times and it is seedable. */
  #random(): number {
    this.#randomState = (this.#randomState + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#randomState ^ (this.#randomState >>> 15), 1 | this.#randomState)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Counts of a stub that does nothing wrong. */
export function noFaults(): Mutable<FaultCounts> {
  return { published: 0, dropped: 0, duplicated: 0, reordered: 0, heldBack: 0, corrupted: 0, unanswered: 0, cut: 0 }
}

function isEvery(period: number | null, sequence: number): boolean {
  return period !== null && sequence % period === 0
}
