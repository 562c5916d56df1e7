import { encodeFrame } from '../../protocol/stomp/encode-frame.ts'
import type { Connection } from '../../transport/connection.ts'
import type { Outcome } from '../driver.ts'

/** Name of every transaction: a session has one open at a time, and a name may be used again after the end. */
export const TRANSACTION_ID = 'brokermark'

const NAMED = { transaction: TRANSACTION_ID }
export const BEGIN = encodeFrame('BEGIN', NAMED)
export const COMMIT = encodeFrame('COMMIT', NAMED)

/** A transaction whose end the broker is to answer: the messages `first..last` and what becomes of them. */
export interface EndedTransaction {
  readonly first: number
  readonly last: number
  readonly outcome: Outcome
  readonly code: string | null
}

/** BEGIN, COMMIT and ABORT of one producer. The receipt of an end is the number of the transaction's last message. */
export class WireTransactions {
  readonly #connection: Connection
  readonly #commitReceipts: boolean
  readonly #abortReceipts: boolean
  readonly #ended: EndedTransaction[] = []
  /** First message of the open transaction; -1 where none is open. */
  #first = -1
  #last = -1

  /** @param commitReceipts ask for a receipt of COMMIT, and `abortReceipts` of ABORT. */
  constructor(connection: Connection, commitReceipts: boolean, abortReceipts: boolean) {
    this.#connection = connection
    this.#commitReceipts = commitReceipts
    this.#abortReceipts = abortReceipts
  }

  /** The message that is about to be written belongs to the open transaction, or begins one. */
  include(sequence: number): void {
    if (this.#first < 0) {
      this.#first = sequence
      this.#connection.write(BEGIN)
    }
    this.#last = sequence
  }

  commit(): void {
    this.#end('COMMIT', this.#commitReceipts, 'confirmed', null)
  }

  rollback(): void {
    this.#end('ABORT', this.#abortReceipts, 'refused', 'rolled back')
  }

  /** The transaction whose end has this receipt, once; null where it is none's. Ends are answered in order. */
  answered(receipt: number): EndedTransaction | null {
    if (this.#ended[0]?.last !== receipt) return null
    return this.#ended.shift() ?? null
  }

  #end(command: 'COMMIT' | 'ABORT', withReceipt: boolean, outcome: Outcome, code: string | null): void {
    if (this.#first < 0) return
    const [first, last] = [this.#first, this.#last]
    this.#first = -1
    if (withReceipt) this.#ended.push({ first, last, outcome, code })
    const headers = withReceipt ? { ...NAMED, receipt: String(last) } : NAMED
    this.#connection.write(encodeFrame(command, headers))
  }
}
