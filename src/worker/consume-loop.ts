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
import type { Timing } from '../pacing/timing.ts'
import type { PhaseTimes } from './phase-plan.ts'

/** The body behind the header is compared for one message in so many: comparing all would cost 0.1 us per KB. */
const BODY_CHECK_EVERY = 64

export interface ConsumeLoopSettings {
  /** Producers of the whole cell; 0 when consumers run alone, on messages that somebody else has published. */
  readonly producersTotal: number
  /** Whether a message's latency can be taken from an intended time other than its send time. */
  readonly isOpen: boolean
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

  #isBodyIntact(body: Uint8Array): boolean {
    if (body.length !== this.#body.length) return false
    if (body.length <= LONG_HEADER_BYTES) return true
    return Buffer.compare(body.subarray(LONG_HEADER_BYTES), this.#body.subarray(LONG_HEADER_BYTES)) === 0
  }

  #add(counter: number, amount: number): void {
    this.#counters[counter] = (this.#counters[counter] ?? 0) + amount
  }
}
