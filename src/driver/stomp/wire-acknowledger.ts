import { ACK_END, ackBytes, ackEndIn, writeAck } from '../../protocol/stomp/id-frames.ts'
import type { StompFrame } from '../../protocol/stomp/frame.ts'
import type { Connection } from '../../transport/connection.ts'
import type { ConsumerSpec } from '../driver.ts'
import { AckIds } from './wire-ack-ids.ts'
import { BEGIN, COMMIT, TRANSACTION_ID } from './wire-transaction.ts'

/** Sends the ACK frames of one consumer: each, one for N messages, in transactions or without. */
export class WireAcknowledger {
  readonly #connection: Connection
  readonly #ids: AckIds
  /** Messages that one ACK covers. */
  readonly #every: number
  /** Messages of one transaction; 0 = no transactions. */
  readonly #transactionMessages: number
  readonly #end: Uint8Array
  #unsent = 0
  #lastToken = -1
  #inTransaction = 0
  #isBegun = false

  constructor(connection: Connection, spec: Pick<ConsumerSpec, 'acknowledge' | 'prefetch' | 'transactionMessages'>) {
    this.#connection = connection
    this.#ids = new AckIds(spec.prefetch)
    this.#every = spec.acknowledge.kind === 'every' ? spec.acknowledge.messages : 1
    this.#transactionMessages = spec.transactionMessages ?? 0
    this.#end = this.#transactionMessages > 0 ? ackEndIn(TRANSACTION_ID) : ACK_END
  }

  /** Keeps the id in header number `index` of a MESSAGE; returns the token to acknowledge by. */
  push(frame: StompFrame, index: number): number {
    return this.#ids.push(frame, index)
  }

  acknowledge(token: number): void {
    this.#lastToken = token
    if (++this.#unsent >= this.#every) this.#send()
    if (this.#transactionMessages > 0 && ++this.#inTransaction >= this.#transactionMessages) this.flush()
  }

  /** Sends what was acknowledged and not sent yet, and commits. */
  flush(): void {
    if (this.#unsent > 0) this.#send()
    this.#inTransaction = 0
    if (!this.#isBegun) return
    this.#isBegun = false
    this.#connection.write(COMMIT)
  }

  #send(): void {
    this.#unsent = 0
    const ids = this.#ids
    const connection = this.#connection
    if (this.#transactionMessages > 0 && !this.#isBegun) {
      this.#isBegun = true
      connection.write(BEGIN)
    }
    const start = ids.startOf(this.#lastToken)
    const length = ids.lengthOf(this.#lastToken)
    const at = connection.reserve(ackBytes(length, this.#end))
    const end = writeAck(connection.output, at, ids.bytes, start, start + length, this.#end)
    ids.release(this.#lastToken)
    connection.commit(end)
  }
}
