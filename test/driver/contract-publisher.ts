import type { DriverError } from '../../src/driver/driver-error.ts'
import type { BlockReason, Outcome, Publisher, PublisherEvents, PublishResult } from '../../src/driver/driver.ts'
import { fillBody } from './contract-body.ts'
import { eventually } from './eventually.ts'

/** One producer of a contract test: publishes as the harness does, from one buffer that it re-uses at once. */
export class PublisherRecorder implements PublisherEvents {
  readonly producer: number
  readonly bodyBytes: number
  readonly inFlightMax: number
  readonly outcomes = new Map<number, Outcome>()
  /** The broker's reasons, of those that have one. */
  readonly codes = new Map<number, string>()
  readonly violations: string[] = []
  readonly blockedFor: BlockReason[] = []
  readonly closedBy: DriverError[] = []
  /** Results other than `accepted`, in order. */
  readonly heldBack: PublishResult[] = []
  unblocked = 0
  accepted = 0
  #publisher: Publisher | null = null
  #isBlocked = false
  /** After a result other than `accepted` nothing may be offered before this is true again. */
  #mayOffer = true
  #waitsForConfirm = true

  constructor(producer: number, bodyBytes: number, inFlightMax: number) {
    this.producer = producer
    this.bodyBytes = bodyBytes
    this.inFlightMax = inFlightMax
  }

  get publisher(): Publisher {
    if (this.#publisher === null) throw new Error('the publisher was not opened')
    return this.#publisher
  }

  set publisher(publisher: Publisher) {
    this.#publisher = publisher
  }

  /** Offers one message and scribbles over the buffer afterwards; false when it was not taken. */
  offer(bytes: number = this.bodyBytes): boolean {
    const body = new Uint8Array(bytes)
    fillBody(body, this.producer, this.accepted)
    const sequence = this.accepted++
    const unblockedBefore = this.unblocked
    const result = this.publisher.publish(body, sequence)
    body.fill(0xee)
    if (result === 'not-taken') this.accepted--
    if (result !== 'accepted') {
      this.heldBack.push(result)
      // A driver that unblocks within the call has said so already, and no further onUnblocked need come.
      if (this.unblocked === unblockedBefore) this.#mayOffer = false
    }
    return result !== 'not-taken'
  }

  /** True while the driver has asked for nothing to be offered. */
  get mustWait(): boolean {
    return !this.#mayOffer || (this.#waitsForConfirm && this.accepted - this.outcomes.size >= this.inFlightMax)
  }

  /** Publishes until `total` messages are accepted, within `inFlightMax` and the driver's back-pressure. */
  async send(total: number, waitsForConfirm = true): Promise<void> {
    this.#waitsForConfirm = waitsForConfirm
    while (this.accepted < total) {
      await eventually(
        () => !this.mustWait || this.closedBy.length > 0,
        'the publisher may go on',
        () => this.summary(),
      )
      if (this.closedBy.length > 0) throw new Error(`connection lost: ${this.closedBy[0]?.message ?? ''}`)
      while (this.accepted < total && !this.mustWait) this.offer()
    }
  }

  /** Resolves when every accepted message is confirmed; fails on another outcome. */
  async confirmed(total: number): Promise<void> {
    await this.settled(total)
    const other = [...this.outcomes].find(([, outcome]) => outcome !== 'confirmed')
    if (other !== undefined) throw new Error(`message ${other[0]} was ${other[1]}`)
  }

  commit(): void {
    if (this.publisher.commit === undefined) throw new Error('a transacted publisher without commit')
    this.publisher.commit()
  }

  rollback(): void {
    if (this.publisher.rollback === undefined) throw new Error('a transacted publisher without rollback')
    this.publisher.rollback()
  }

  /** Resolves when so many messages are settled, however. */
  async settled(total: number): Promise<void> {
    await eventually(
      () => this.outcomes.size >= total,
      `${total} messages settled`,
      () => this.summary(),
    )
  }

  onSettled(first: number, last: number, outcome: Outcome, code: string | null): void {
    if (this.closedBy.length > 0) this.violations.push(`${first}..${last} settled after onClosed`)
    if (first > last || first < 0) this.violations.push(`settled an empty range ${first}..${last}`)
    for (let sequence = first; sequence <= last; sequence++) {
      if (this.outcomes.has(sequence)) this.violations.push(`message ${sequence} settled twice`)
      if (sequence >= this.accepted) this.violations.push(`message ${sequence} settled but never published`)
      this.outcomes.set(sequence, outcome)
      if (code !== null) this.codes.set(sequence, code)
    }
  }

  onBlocked(reason: BlockReason): void {
    if (this.#isBlocked) this.violations.push('onBlocked while blocked')
    this.#isBlocked = true
    this.blockedFor.push(reason)
  }

  onUnblocked(): void {
    if (!this.#isBlocked) this.violations.push('onUnblocked while not blocked')
    this.#isBlocked = false
    this.#mayOffer = true
    this.unblocked++
  }

  onClosed(cause: DriverError): void {
    this.closedBy.push(cause)
    if (this.closedBy.length > 1) this.violations.push('onClosed twice')
  }

  summary(): string {
    return `(accepted ${this.accepted}, settled ${this.outcomes.size}, held back ${this.heldBack.length}, unblocked ${this.unblocked})`
  }
}
