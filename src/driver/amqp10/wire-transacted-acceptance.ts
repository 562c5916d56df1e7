import { DESCRIPTOR } from '../../protocol/amqp10/descriptor.ts'
import { AMQP_FRAME } from '../../protocol/amqp10/frame.ts'
import { encodeFrame } from '../../protocol/amqp10/performative.ts'
import { encodeTransactionalDisposition, encodeTransactionalState } from '../../protocol/amqp10/transaction.ts'
import { DriverError } from '../driver-error.ts'
import type { WireLink } from './wire-link.ts'
import { WireTransactions } from './wire-transactions.ts'
import type { TransactionsOwner } from './wire-transactions.ts'

/** First and last delivery-id. */
export type IdRange = readonly [first: number, last: number]

/** Accepts deliveries in transactions, a batch each. */
export class TransactedAcceptance implements TransactionsOwner {
  /** A consumer sends nothing else. */
  readonly mayTransfer = true
  readonly transactions: WireTransactions
  readonly #link: WireLink
  /** Waiting for a transaction of their own. */
  readonly #batches: (readonly IdRange[])[] = []

  constructor(link: WireLink) {
    this.#link = link
    this.transactions = new WireTransactions(link, this)
  }

  /** Accepts and commits as soon as there is a transaction. */
  accept(ranges: readonly IdRange[]): void {
    this.#batches.push(ranges)
    this.onTransactionReady()
  }

  /** Resolves when all that was accepted is committed, or the connection is gone. */
  async committed(): Promise<void> {
    while (this.#batches.length > 0 && this.#link.isOpen) await this.transactions.answered()
    await this.transactions.idle()
  }

  onTransactionReady(): void {
    for (let id = this.transactions.current; id !== null; id = this.transactions.current) {
      const ranges = this.#batches.shift()
      if (ranges === undefined) return
      const state = encodeTransactionalState(id, DESCRIPTOR.accepted)
      for (const [first, last] of ranges) {
        const disposition = encodeTransactionalDisposition(first, last, state)
        this.#link.transport.write(encodeFrame(AMQP_FRAME, disposition))
      }
      this.transactions.end(false)
    }
  }

  onTransactionEnded(code: string | null): void {
    if (code === null) return
    const sentence = `the broker did not commit acknowledgements (${code})`
    this.#link.fail(new DriverError('closed', sentence))
  }
}
