import { COUNTER } from '../measure/counters.ts'
import type { MeasurementWriter, Recorders } from '../measure/shared-measurements.ts'
import type { PhaseTimes } from './phase-plan.ts'
import type { OwnSlots } from './own-slots.ts'
import type { Producer } from './producer.ts'

/** What is written down of every published message: counters, latencies and lag, each in the phase it belongs to. */
export class PublishRecords {
  readonly #writer: MeasurementWriter
  readonly #counters: Float64Array
  readonly #isOpen: boolean
  readonly #confirm: boolean
  readonly #refusals = new Map<string, number>()
  phases: PhaseTimes = { startUs: 0, measureFromUs: 0, measureToUs: 0 }

  constructor(writer: MeasurementWriter, isOpen: boolean, confirm: boolean) {
    this.#writer = writer
    this.#counters = writer.counters
    this.#isOpen = isOpen
    this.#confirm = confirm
  }

  /** Reason codes of refused messages and how often each came. */
  get refusals(): ReadonlyMap<string, number> {
    return this.#refusals
  }

  add(counter: number, amount: number): void {
    this.#counters[counter] = (this.#counters[counter] ?? 0) + amount
  }

  sent(producer: Producer, intendedUs: number, nowUs: number): void {
    this.add(COUNTER.sent, 1)
    if (this.#confirm) this.add(COUNTER.outstanding, 1)
    if (this.isMeasured(nowUs)) this.add(COUNTER.sentMeasured, 1)
    if (!this.#isOpen) {
      if (nowUs >= this.phases.measureFromUs) producer.measuredSent++
      return
    }
    const recorders = this.#recordersFor(intendedUs)
    if (recorders === null) return
    const blockedUs = producer.blocked.between(intendedUs, nowUs)
    recorders.lagBlocked.record(blockedUs)
    recorders.lagGenerator.record(nowUs - intendedUs - blockedUs)
  }

  confirmed(producer: Producer, sequence: number, nowUs: number, isMeasured: boolean): void {
    this.add(COUNTER.confirmed, 1)
    if (isMeasured) this.add(COUNTER.confirmedMeasured, 1)
    producer.confirmed.add(sequence)
    const intendedUs = producer.intendedUsOf(sequence)
    const recorders = this.#recordersFor(intendedUs)
    if (recorders === null) return
    if (recorders === this.#writer.measured) this.#counters[COUNTER.lastMeasuredEventUs] = nowUs
    recorders.publishService.record(nowUs - producer.sentUsOf(sequence))
    if (this.#isOpen) recorders.publishResponse.record(nowUs - intendedUs)
  }

  refused(producer: Producer, sequence: number, code: string): void {
    producer.refused.add(sequence)
    this.add(COUNTER.refused, 1)
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1)
  }

  /** Something of this worker's traffic happened: the drain measures quiet from here. */
  event(nowUs: number): void {
    this.#counters[COUNTER.lastEventUs] = nowUs
  }

  isMeasured(nowUs: number): boolean {
    return nowUs >= this.phases.measureFromUs && nowUs < this.phases.measureToUs
  }

  /**
   * The cell ends while messages wait: what came due by now has come due, though nobody had the time to look, and of each
   * producer's messages the oldest says who kept them.
   */
  unsent(producers: readonly Producer[], slots: OwnSlots, nowUs: number): void {
    while (slots.atUs <= nowUs && slots.atUs < this.phases.measureToUs) {
      const { producer, atUs } = slots
      slots.advance()
      if (producer === null || producer.done || producer.scheduleEnded) continue
      this.add(COUNTER.offered, 1)
      if (atUs >= this.phases.measureFromUs) this.add(COUNTER.offeredMeasured, 1)
    }
    for (const { due, blocked } of producers) {
      if (due.isEmpty) continue
      const blockedUs = blocked.between(due.firstUs, nowUs)
      if (blockedUs > (nowUs - due.firstUs) / 2) this.add(COUNTER.unsentHeldBack, due.count)
    }
  }

  /** Null for a message that is intended after the measurement. */
  #recordersFor(intendedUs: number): Recorders | null {
    if (intendedUs < this.phases.measureFromUs) return this.#writer.warmup
    return intendedUs < this.phases.measureToUs ? this.#writer.measured : null
  }
}
