/**
 * The publishing side of one worker: many producers on one event loop, closed or open. Warm-up and measurement go
 * through the same path; what differs is only which histogram and which counters a message reaches.
 * Closed(K): a producer sends whenever fewer than K of its messages are unsettled. Open: messages become due by the
 * schedule and leave as soon as the producer may send; a late one keeps its intended time (method.md R1.1, R1.4 burst).
 */
import type { DriverError } from '../driver/driver-error.ts'
import type { Outcome, PublisherEvents } from '../driver/driver.ts'
import { COUNTER } from '../measure/counters.ts'
import type { PayloadHeader } from '../measure/payload-header.ts'
import type { MeasurementWriter } from '../measure/shared-measurements.ts'
import type { Schedule } from '../pacing/schedule.ts'
import type { Timing } from '../pacing/timing.ts'
import type { PhaseTimes } from './phase-plan.ts'
import type { CatchUp } from '../workload/workload.ts'
import { OwnSlots } from './own-slots.ts'
import { Producer } from './producer.ts'
import { PublishRecords } from './publish-records.ts'

/** Messages that one producer, or one tick of the schedule, sends before the event loop gets a turn. */
const BATCH_MAX = 512

/** What an open model adds. */
export interface ArrivalSettings {
  /** Called when the phases are known. */
  readonly schedule: (phases: PhaseTimes) => Schedule
  readonly catchUp: CatchUp
  /** Of one producer while it catches up by `limited`: at least so long between two messages. */
  readonly limitedGapUs: number
}

export interface PublishLoopSettings {
  /** Unsettled messages per producer: the window of a closed model, the cap of an open one. */
  readonly inFlight: number
  /** Null in a closed model. */
  readonly arrivals: ArrivalSettings | null
  readonly confirm: boolean
  /** Messages after which a producer commits; null = no transactions. At most `inFlight`. */
  readonly transactionMessages: number | null
  /** Measured messages after which a producer stops; null = by time. */
  readonly messagesPerProducer: number | null
  readonly onConnectionLost: (cause: DriverError) => void
}

export class PublishLoop {
  readonly #settings: PublishLoopSettings
  readonly #timing: Timing
  readonly #header: PayloadHeader
  readonly #body: Uint8Array
  readonly #records: PublishRecords
  readonly #producers: Producer[] = []
  readonly #isOpen: boolean
  #stopped = false
  /** Open model: what comes due next; null before the start. */
  #slots: OwnSlots | null = null
  /** When the first producer that catches up at a limited rate may send again. */
  #limitedUntilUs = Infinity

  constructor(
    settings: PublishLoopSettings,
    timing: Timing,
    header: PayloadHeader,
    body: Uint8Array,
    writer: MeasurementWriter,
  ) {
    this.#settings = settings
    this.#timing = timing
    this.#header = header
    this.#body = body
    this.#records = new PublishRecords(writer, settings.arrivals !== null, settings.confirm)
    this.#isOpen = settings.arrivals !== null
  }

  get producers(): readonly Producer[] {
    return this.#producers
  }

  /** Reason codes of refused messages and how often each came. */
  get refusals(): ReadonlyMap<string, number> {
    return this.#records.refusals
  }

  /** Producers must be added in rising order of index; the events go to the driver. */
  addProducer(index: number): { readonly producer: Producer; readonly events: PublisherEvents } {
    const producer = new Producer(index, this.#settings.confirm ? this.#settings.inFlight : 1)
    this.#producers.push(producer)
    const events: PublisherEvents = {
      onSettled: (first, last, outcome, code) => this.#onSettled(producer, first, last, outcome, code),
      onBlocked: () => {
        producer.full = true
        producer.blocked.begin(this.#timing.nowUs())
      },
      onUnblocked: () => {
        producer.full = false
        this.#release(producer)
      },
      onClosed: (cause) => {
        this.#finish(producer)
        this.#records.add(COUNTER.connectionsLost, 1)
        this.#settings.onConnectionLost(cause)
      },
    }
    return { producer, events }
  }

  start(phases: PhaseTimes): void {
    this.#records.phases = phases
    if (this.#producers.length === 0) return
    const { arrivals } = this.#settings
    if (arrivals === null) {
      this.#timing.wakeAt(phases.startUs, () => this.#producers.forEach((producer) => this.#pump(producer)))
    } else {
      const slots = new OwnSlots(arrivals.schedule(phases), phases.startUs, this.#producers)
      this.#slots = slots
      this.#timing.wakeAt(phases.startUs, () => this.#tick(slots))
    }
  }

  /** No further message: Ctrl-C, or the drain's time is up. */
  stop(): void {
    this.#timing.cancelWake()
    if (this.#slots !== null && !this.#stopped) this.#records.unsent(this.#producers, this.#slots, this.#timing.nowUs())
    this.#stopped = true
    this.#producers.forEach((producer) => this.#finish(producer))
  }

  /** Open model: marks what is due by now and sends it, then sleeps until the next slot. */
  #tick(slots: OwnSlots): void {
    if (this.#stopped) return
    const nowUs = this.#timing.nowUs()
    if (this.#limitedUntilUs <= nowUs) this.#catchUpAtLimit()
    const { measureToUs } = this.#records.phases
    for (let sent = 0; sent < BATCH_MAX && slots.atUs <= nowUs && slots.atUs < measureToUs; sent++) {
      const { producer } = slots
      if (producer !== null && !producer.done) this.#comeDue(producer, slots.atUs)
      slots.advance()
    }
    if (slots.atUs >= measureToUs) this.#endSchedule()
    this.#sleep(slots, nowUs)
  }

  #sleep(slots: OwnSlots, nowUs: number): void {
    const slotUs = slots.atUs >= this.#records.phases.measureToUs ? Infinity : slots.atUs
    const nextUs = Math.min(slotUs, this.#limitedUntilUs)
    if (nextUs <= nowUs) this.#timing.soon(() => this.#tick(slots))
    else if (nextUs !== Infinity) this.#timing.wakeAt(nextUs, () => this.#tick(slots))
  }

  #catchUpAtLimit(): void {
    this.#limitedUntilUs = Infinity
    for (const producer of this.#producers) if (!producer.due.isEmpty) this.#release(producer)
  }

  #comeDue(producer: Producer, intendedUs: number): void {
    const limit = this.#settings.messagesPerProducer
    if (intendedUs >= this.#records.phases.measureFromUs) {
      if (limit !== null && producer.measuredSent >= limit) {
        producer.scheduleEnded = true
        if (producer.due.isEmpty) this.#finish(producer)
        return
      }
      producer.measuredSent++
      this.#records.add(COUNTER.offeredMeasured, 1)
    }
    this.#records.add(COUNTER.offered, 1)
    if (this.#settings.arrivals?.catchUp.kind === 'skip' && !producer.due.isEmpty) {
      this.#records.add(COUNTER.skipped, 1)
      return
    }
    producer.due.push(intendedUs)
    this.#pump(producer)
  }

  /** Nothing more comes due; what is due and held back still leaves, in the drain. */
  #endSchedule(): void {
    for (const producer of this.#producers) {
      producer.scheduleEnded = true
      if (producer.due.isEmpty) this.#finish(producer)
    }
  }

  /** Sends as much as the producer may send now. Never re-entered for one producer: settling inside publish only counts. */
  #pump(producer: Producer): void {
    if (producer.pumping) return
    producer.pumping = true
    let batch = 0
    while (batch < BATCH_MAX && this.#maySend(producer) && this.#sendNext(producer)) batch++
    producer.pumping = false
    if (batch === BATCH_MAX && !producer.continuing && !producer.done) {
      producer.continuing = true
      this.#timing.soon(() => {
        producer.continuing = false
        this.#pump(producer)
      })
    }
    if (producer.scheduleEnded && producer.due.isEmpty) this.#finish(producer)
  }

  #maySend(producer: Producer): boolean {
    if (producer.done || producer.publisher === null) return false
    if (this.#isOpen && producer.due.isEmpty) return false
    const windowFull =
      this.#settings.confirm && (producer.outstanding >= this.#settings.inFlight || !producer.hasRoomFor(producer.next))
    producer.heldBack ||= producer.full || windowFull
    if (!producer.full && !windowFull && !this.#isLimited(producer)) return true
    if (this.#isOpen && producer.heldBack && !producer.blocked.isBlocked) producer.blocked.begin(this.#timing.nowUs())
    return false
  }

  /** Whether the producer is behind its schedule and has to catch up slowly: its last message left too short ago. */
  #isLimited(producer: Producer): boolean {
    const { arrivals } = this.#settings
    if (arrivals?.catchUp.kind !== 'limited') return false
    const nowUs = this.#timing.nowUs()
    const isBehind = nowUs - producer.due.firstUs > arrivals.limitedGapUs
    const againUs = producer.lastSentUs + arrivals.limitedGapUs
    producer.heldBack &&= isBehind
    if (!isBehind || nowUs >= againUs) return false
    if (againUs < this.#limitedUntilUs) {
      this.#limitedUntilUs = againUs
      if (this.#slots !== null) this.#sleep(this.#slots, nowUs)
    }
    return true
  }

  /** @returns false when nothing was taken, or the producer is at its end. */
  #sendNext(producer: Producer): boolean {
    const nowUs = this.#timing.nowUs()
    const sequence = producer.next
    if (!this.#isOpen && this.#isOver(producer, nowUs)) {
      this.#finish(producer)
      return false
    }
    const intendedUs = this.#isOpen ? producer.due.firstUs : nowUs
    this.#header.write(this.#body, producer.index, sequence, intendedUs, nowUs - intendedUs)
    producer.next++
    if (this.#settings.confirm) producer.noteSent(sequence, intendedUs, nowUs)
    const result = producer.publisher?.publish(this.#body, sequence)
    if (result !== 'accepted' && result !== 'accepted-now-full') {
      producer.next--
      if (this.#settings.confirm) producer.forget(sequence)
      producer.full = true
      if (this.#isOpen) producer.blocked.begin(nowUs)
      return false
    }
    if (result === 'accepted-now-full') producer.full = true
    if (this.#isOpen) {
      producer.due.shift()
      producer.lastSentUs = nowUs
    }
    this.#records.sent(producer, intendedUs, nowUs)
    if (this.#settings.transactionMessages !== null)
      this.#countInTransaction(producer, this.#settings.transactionMessages)
    return true
  }

  /** Closed model: the time or the number of measured messages is reached. */
  #isOver(producer: Producer, nowUs: number): boolean {
    if (nowUs >= this.#records.phases.measureToUs) return true
    const limit = this.#settings.messagesPerProducer
    return limit !== null && producer.measuredSent >= limit
  }

  #onSettled(producer: Producer, first: number, last: number, outcome: Outcome, code: string | null): void {
    const nowUs = this.#timing.nowUs()
    const isMeasured = this.#records.isMeasured(nowUs)
    for (let sequence = first; sequence <= last; sequence++) {
      if (!producer.settle(sequence)) continue
      this.#records.add(COUNTER.outstanding, -1)
      if (outcome === 'confirmed') this.#records.confirmed(producer, sequence, nowUs, isMeasured)
      else if (outcome === 'refused') this.#records.refused(producer, sequence, code ?? 'refused')
      else this.#records.add(COUNTER.unknown, 1)
    }
    this.#records.event(nowUs)
    this.#release(producer)
  }

  /** The producer may be able to send again. */
  #release(producer: Producer): void {
    if (producer.full) return
    if (producer.blocked.isBlocked) producer.blocked.end(this.#timing.nowUs())
    this.#pump(producer)
  }

  #countInTransaction(producer: Producer, transactionMessages: number): void {
    producer.uncommitted++
    if (producer.uncommitted < transactionMessages) return
    producer.uncommitted = 0
    producer.publisher?.commit?.()
  }

  #finish(producer: Producer): void {
    if (producer.done) return
    producer.done = true
    // What a last transaction lacks never comes; without its end the broker would keep its messages to itself.
    if (producer.uncommitted > 0) producer.publisher?.commit?.()
    producer.uncommitted = 0
    this.#records.add(COUNTER.producersDone, 1)
  }
}
