import type { Alarm } from './alarm.ts'
import { Destination } from './destination.ts'
import type { MemoryMeter } from './destination.ts'
import type { EmbeddedSettings } from './embedded-settings.ts'
import { FaultModel, noFaults } from './fault-model.ts'
import type { FaultCounts } from './fault-model.ts'
import { ServiceLine } from './service-line.ts'
import type { Sender } from './service-line.ts'

/** One connected client, as the broker sees it. */
export interface Client {
  /** Whether the client publishes and does nothing else, so that not reading from it holds up nobody's acknowledgement. */
  readonly isPublisher: boolean
  /** Stops or goes on reading what the client sends. */
  holdBack(isHeldBack: boolean): void
}

/** Reading from publishers goes on when so much of the memory is free again. */
const RESUME_AT = 0.8

/**
 * The broker without its protocol: destinations that come and go with their use, a memory limit that holds publishers
 * back, and the fault model between arrival and queue. One per process.
 */
export class EmbeddedBroker implements MemoryMeter {
  readonly settings: EmbeddedSettings
  readonly #alarm: Alarm
  readonly #model: FaultModel | null
  readonly #line: ServiceLine | null
  readonly #destinations = new Map<string, Destination>()
  readonly #clients = new Set<Client>()
  readonly #memoryBytesMax: number
  #memoryBytes = 0
  #isFull = false
  #isStalled = false
  #readsNothing = false

  constructor(settings: EmbeddedSettings, alarm: Alarm) {
    this.settings = settings
    this.#alarm = alarm
    this.#memoryBytesMax = settings.memoryMegabytes * 1_000_000
    this.#model = settings.faults === null ? null : new FaultModel(settings.faults)
    this.#line = this.#model === null ? null : new ServiceLine(this.#model, alarm, this)
    alarm.onRing = (nowUs) => this.#onRing(nowUs)
  }

  /** Bytes of all messages that the broker has, in queues or unacknowledged, with an allowance for each record. */
  get memoryBytes(): number {
    return this.#memoryBytes
  }

  get destinationCount(): number {
    return this.#destinations.size
  }

  faultCounts(): FaultCounts {
    return this.#model?.counts() ?? noFaults()
  }

  enter(client: Client): void {
    this.#clients.add(client)
    this.reconsider(client)
  }

  leave(client: Client): void {
    this.#clients.delete(client)
  }

  /** To be called when `isPublisher` has changed: the client may have to be held back, or not any more. */
  reconsider(client: Client): void {
    client.holdBack(client.isPublisher && (this.#isFull || this.#readsNothing))
  }

  /** The destination of that name, made if need be. Forget it when `isDeleted`. */
  destination(kind: 'queue' | 'topic', name: string): Destination {
    const key = `${kind}/${name}`
    const known = this.#destinations.get(key)
    if (known !== undefined) return known
    const made = new Destination(kind, name, this)
    this.#destinations.set(key, made)
    return made
  }

  /** Deletes the destination if nothing is left in it and nobody uses it. */
  deleteIfUnused(destination: Destination): void {
    // One that was deleted may be back under its name: that other one is not meant.
    if (destination.isDeleted || !destination.isUnused) return
    destination.isDeleted = true
    this.#destinations.delete(`${destination.kind}/${destination.name}`)
  }

  /** Messages go through the fault model: they are offered, and confirmed by it. Else the caller accepts and confirms. */
  get hasFaults(): boolean {
    return this.#line !== null
  }

  /**
   * A message has arrived, and there are faults.
   * @param body must stay as it is.
   * @param receipt must stay as it is; null where none was asked for.
   */
  offer(destination: Destination, body: Uint8Array, sender: Sender, receipt: Uint8Array | null): void {
    const isFirst = this.#model?.started === false
    this.#line?.offer(destination, body, sender, receipt)
    if (isFirst) this.#onRing(this.#alarm.nowUs())
  }

  /** Deliveries are allowed: no stall is on. */
  get serves(): boolean {
    if (this.#model === null) return true
    if (this.#isStalled) return false
    const nowUs = this.#alarm.nowUs()
    const againUs = this.#model.servesAgainAt(nowUs)
    if (againUs <= nowUs) return true
    this.#isStalled = true
    this.#alarm.setAt(againUs)
    return false
  }

  add(bytes: number): void {
    this.#memoryBytes += bytes
    if (
      this.#isFull ? this.#memoryBytes < this.#memoryBytesMax * RESUME_AT : this.#memoryBytes > this.#memoryBytesMax
    ) {
      this.#isFull = !this.#isFull
      this.#reconsiderAll()
    }
  }

  /** The limit is passed by so much that even clients which are never held back must be refused. */
  get isOverfull(): boolean {
    return this.#memoryBytes > this.#memoryBytesMax * 2
  }

  #onRing(nowUs: number): void {
    this.#line?.advance(nowUs)
    this.#stopOrGoOnReading(nowUs)
    if (!this.#isStalled || this.#model === null) return
    const againUs = this.#model.servesAgainAt(nowUs)
    this.#isStalled = againUs > nowUs
    if (this.#isStalled) this.#alarm.setAt(againUs)
    else for (const destination of this.#destinations.values()) destination.dispatch()
  }

  #stopOrGoOnReading(nowUs: number): void {
    const window = this.#model?.stopReading ?? null
    if (window === null || this.#model?.started !== true) return
    const readsNothing = window.isInside(nowUs)
    if (readsNothing !== this.#readsNothing) {
      this.#readsNothing = readsNothing
      this.#reconsiderAll()
    }
    this.#alarm.setAt(readsNothing ? window.endOrSame(nowUs) : window.nextStart(nowUs))
  }

  #reconsiderAll(): void {
    for (const client of this.#clients) this.reconsider(client)
  }
}
