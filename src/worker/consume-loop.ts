/**
 * The consuming side of one worker: every delivery is read, judged by the ledger, timed and acknowledged, the same way
 * for every protocol.
 */
import type { DriverError } from '../driver/driver-error.ts'
import type { Consumer, ConsumerEvents } from '../driver/driver.ts'
import { COUNTER } from '../measure/counters.ts'
import type { ConsumerLedger, DeliveryLedger } from '../measure/delivery-ledger.ts'
import { LONG_HEADER_BYTES, type PayloadHeader } from '../measure/payload-header.ts'
import type { MeasurementWriter } from '../measure/shared-measurements.ts'
import type { Schedule, SlotTimes } from '../pacing/schedule.ts'
import type { Timing } from '../pacing/timing.ts'
import type { PhaseTimes } from './phase-plan.ts'

/** The body behind the header is compared for one message in so many: comparing all would cost 0.1 us per KB. */
const BODY_CHECK_EVERY = 64

/** Intended times are recomputed for slots up to so much later than now, so that a clock that is behind still shows. */
const RECOMPUTE_AHEAD_US = 1e6

/** How the intended times of messages that carry none are made again. */
export interface RecomputedTimes {
  /** The one that their producers send by. */
  readonly schedule: (phases: PhaseTimes) => Schedule
  /** Indices of the producers whose messages can arrive here. */
  readonly heard: readonly number[]
}

export interface ConsumeLoopSettings {
  /** Producers of the whole cell; 0 when consumers run alone, on messages that somebody else has published. */
  readonly producersTotal: number
  /** Whether a message's latency can be taken from an intended time other than its send time. */
  readonly isOpen: boolean
  /** Null where messages carry their times, and where there is no schedule that would tell them. */
  readonly recomputed: RecomputedTimes | null
  readonly acknowledges: boolean
  readonly onConnectionLost: (cause: DriverError) => void
}

/** A consumer whose connection is being opened, or open. */
export interface ConsumerSlot {
  consumer: Consumer | null
  /** Tokens of deliveries that came before `openConsumer` had resolved. */
  readonly early: number[]
}

export class ConsumeLoop {
  readonly #settings: ConsumeLoopSettings
  readonly #timing: Timing
  readonly #header: PayloadHeader
  readonly #body: Uint8Array
  readonly #ledger: DeliveryLedger
  readonly #writer: MeasurementWriter
  readonly #counters: Float64Array
  readonly #slots: ConsumerSlot[] = []
  #phases: PhaseTimes = { startUs: Infinity, measureFromUs: Infinity, measureToUs: Infinity }
  #slotTimes: SlotTimes | null = null

  constructor(
    settings: ConsumeLoopSettings,
    timing: Timing,
    header: PayloadHeader,
    body: Uint8Array,
    ledger: DeliveryLedger,
    writer: MeasurementWriter,
  ) {
    this.#settings = settings
    this.#timing = timing
    this.#header = header
    this.#body = body
    this.#ledger = ledger
    this.#writer = writer
    this.#counters = writer.counters
  }

  get slots(): readonly ConsumerSlot[] {
    return this.#slots
  }

  addConsumer(index: number): { readonly slot: ConsumerSlot; readonly events: ConsumerEvents } {
    const slot: ConsumerSlot = { consumer: null, early: [] }
    this.#slots.push(slot)
    const ledger = this.#ledger.forConsumer(index)
    const events: ConsumerEvents = {
      onDelivery: (body, _redelivered, token) => this.#onDelivery(slot, ledger, body, token),
      onClosed: (cause) => {
        this.#add(COUNTER.connectionsLost, 1)
        this.#settings.onConnectionLost(cause)
      },
    }
    return { slot, events }
  }

  /** The connection is open: deliveries that came before are acknowledged now. */
  opened(slot: ConsumerSlot, consumer: Consumer): void {
    slot.consumer = consumer
    if (this.#settings.acknowledges) slot.early.forEach((token) => consumer.acknowledge(token))
    slot.early.length = 0
  }

  start(phases: PhaseTimes): void {
    this.#phases = phases
    const { recomputed } = this.#settings
    if (recomputed !== null) this.#slotTimes = recomputed.schedule(phases).slotTimes(recomputed.heard)
  }

  #onDelivery(slot: ConsumerSlot, ledger: ConsumerLedger, body: Uint8Array, token: number): void {
    const nowUs = this.#timing.nowUs()
    this.#counters[COUNTER.lastEventUs] = nowUs
    if (this.#settings.producersTotal === 0) this.#countDelivered(body.length, nowUs)
    else this.#judge(ledger, body, nowUs)
    if (!this.#settings.acknowledges) return
    if (slot.consumer === null) slot.early.push(token)
    else slot.consumer.acknowledge(token)
  }

  #judge(ledger: ConsumerLedger, body: Uint8Array, nowUs: number): void {
    const header = this.#header
    const finding = header.read(body)
    if (finding !== 'ours' || header.producer >= this.#settings.producersTotal) {
      this.#add(finding === 'corrupt' ? COUNTER.corrupt : COUNTER.unexpected, 1)
      return
    }
    this.#add(COUNTER.deliveries, 1)
    const kind = ledger.receive(header.producer, header.sequence)
    if (kind === 'repeat') {
      this.#add(COUNTER.repeated, 1)
      return
    }
    if (kind === 'late') this.#add(COUNTER.late, 1)
    if (header.sequence % BODY_CHECK_EVERY === 0 && !this.#isBodyIntact(body)) this.#add(COUNTER.corrupt, 1)
    this.#countDelivered(body.length, nowUs)
    if (header.hasTime) this.#recordLatency(nowUs, header.intendedUs, header.sendLagUs)
    else if (this.#slotTimes !== null) this.#recordRecomputed(this.#slotTimes, nowUs)
  }

  #countDelivered(bytes: number, nowUs: number): void {
    const counters = this.#counters
    counters[COUNTER.delivered] = (counters[COUNTER.delivered] ?? 0) + 1
    if (nowUs < this.#phases.measureFromUs || nowUs >= this.#phases.measureToUs) return
    counters[COUNTER.deliveredMeasured] = (counters[COUNTER.deliveredMeasured] ?? 0) + 1
    counters[COUNTER.deliveredBytesMeasured] = (counters[COUNTER.deliveredBytesMeasured] ?? 0) + bytes
  }

  #recordLatency(nowUs: number, intendedUs: number, sendLagUs: number): void {
    if (intendedUs >= this.#phases.measureToUs) return
    const isWarmup = intendedUs < this.#phases.measureFromUs
    const recorders = isWarmup ? this.#writer.warmup : this.#writer.measured
    if (!isWarmup) this.#counters[COUNTER.lastMeasuredEventUs] = nowUs
    recorders.endToEndService.record(nowUs - intendedUs - sendLagUs)
    if (this.#settings.isOpen) recorders.endToEndResponse.record(nowUs - intendedUs)
  }

  /** Of the message in the header: from the slot that was its own. When it was sent is not known. */
  #recordRecomputed(slotTimes: SlotTimes, nowUs: number): void {
    const { startUs, measureFromUs, measureToUs } = this.#phases
    const untilUs = nowUs - startUs + RECOMPUTE_AHEAD_US
    const intendedUs = startUs + slotTimes.atUs(this.#header.producer, this.#header.sequence, untilUs)
    if (intendedUs < measureFromUs) this.#writer.warmup.endToEndResponse.record(nowUs - intendedUs)
    else if (intendedUs < measureToUs) {
      this.#counters[COUNTER.lastMeasuredEventUs] = nowUs
      this.#writer.measured.endToEndResponse.record(nowUs - intendedUs)
    } else if (Number.isNaN(intendedUs)) this.#add(COUNTER.untimed, 1)
  }

  #isBodyIntact(body: Uint8Array): boolean {
    if (body.length !== this.#body.length) return false
    if (body.length <= LONG_HEADER_BYTES) return true
    return Buffer.compare(body.subarray(LONG_HEADER_BYTES), this.#body.subarray(LONG_HEADER_BYTES)) === 0
  }

  #add(counter: number, amount: number): void {
    this.#counters[counter] = (this.#counters[counter] ?? 0) + amount
  }
}
