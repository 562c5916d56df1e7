import type { Flow } from './flow.ts'

/** What the sender of a link may send (2.6.7): credit counts from the receiver's delivery count, not from ours. */
export class SendCredit {
  /** Messages that the receiver takes now. */
  left = 0
  /** Messages sent so far and credit given back, a serial number of 32 bits. */
  deliveryCount = 0

  /** A message is sent. */
  used(): void {
    this.left--
    this.deliveryCount = (this.deliveryCount + 1) >>> 0
  }

  /** The receiver's flow; one of the session alone changes nothing. */
  flowed({ linkCredit, deliveryCount }: Flow): void {
    if (linkCredit < 0) return
    // What we sent and the receiver had not counted yet uses up its credit.
    const notCounted = (this.deliveryCount - Math.max(0, deliveryCount)) >>> 0
    this.left = Math.max(0, linkCredit - notCounted)
  }

  /** Counts as sent what will not be: the answer to a receiver that drains. */
  giveBack(): void {
    this.deliveryCount = (this.deliveryCount + this.left) >>> 0
    this.left = 0
  }
}
