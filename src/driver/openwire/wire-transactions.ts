import { transactionInfo } from '../../protocol/openwire/transaction.ts'
import { OWN_COMMAND_IDS } from './wire-session.ts'
import type { WireSession } from './wire-session.ts'

/** A transaction whose end was asked for and not answered yet. */
interface Ending<T> {
  readonly number: number
  readonly what: T
}

/**
 * The local transactions of one session, one after the other. The next may begin before the end of the last is answered,
 * because a broker carries out the commands of a connection in their order. `T` is what the owner has to know at the end.
 */
export class LocalTransactions<T> {
  readonly #session: WireSession
  /** Whose messages or acknowledgements name the transaction. */
  readonly #template: { setTransaction(number: number): void }
  readonly #endings: Ending<T>[] = []
  #number = 0
  #isOpen = false

  constructor(session: WireSession, template: { setTransaction(number: number): void }) {
    this.#session = session
    this.#template = template
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Begins a transaction, unless one is open. */
  begin(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#number++
    const { connection, id } = this.#session
    connection.write(transactionInfo(this.#session.nextCommandId(), id.connectionId, this.#number, 'begin'))
    this.#template.setTransaction(this.#number)
  }

  /** Ends the open transaction; the answer has the command id that `take` understands. */
  end(kind: 'commit' | 'rollback', what: T): void {
    this.#isOpen = false
    this.#endings.push({ number: this.#number, what })
    const { connection, id } = this.#session
    connection.write(transactionInfo(OWN_COMMAND_IDS + this.#number, id.connectionId, this.#number, kind))
  }

  /** What was to be known at the end that the broker answers; null where it answers none of ours, or not in order. */
  take(commandId: number): T | null {
    const ending = this.#endings[0]
    if (ending === undefined || commandId !== OWN_COMMAND_IDS + ending.number) return null
    this.#endings.shift()
    return ending.what
  }
}
