import type { Outcome } from '../driver.ts'

/** The messages of one transaction: sequences and delivery-ids, both without gaps. */
interface Transaction {
  readonly firstSequence: number
  readonly firstId: number
  messages: number
  /** What the broker refused of it by itself, with its reason. */
  readonly refused: Map<number, string | null>
}

/** Which messages were published in which transaction, until each is settled with the end of its own. */
export class TransactedMessages {
  /** Ended and not through, oldest first. */
  readonly #ended: Transaction[] = []
  #open: Transaction | null = null

  /** There is something to commit or to roll back. */
  get hasOpen(): boolean {
    return this.#open !== null
  }

  published(sequence: number, deliveryId: number): void {
    this.#open ??= { firstSequence: sequence, firstId: deliveryId, messages: 0, refused: new Map() }
    this.#open.messages++
  }

  end(): void {
    if (this.#open !== null) this.#ended.push(this.#open)
    this.#open = null
  }

  /** The broker refuses `first..last`, delivery-ids, whatever becomes of the transaction. */
  refuse(first: number, last: number, code: string | null): void {
    for (const transaction of this.#open === null ? this.#ended : [...this.#ended, this.#open]) {
      const { firstId, firstSequence, messages, refused } = transaction
      for (let index = 0; index < messages; index++) {
        const id = (firstId + index) >>> 0
        if ((id - first) >>> 0 <= (last - first) >>> 0) refused.set(firstSequence + index, code)
      }
    }
  }

  /**
   * The oldest transaction that was ended is through.
   * @param code why it was not committed; null: it was. @param report ranges, in order.
   */
  settle(
    code: string | null,
    report: (first: number, last: number, outcome: Outcome, code: string | null) => void,
  ): void {
    const transaction = this.#ended.shift()
    if (transaction === undefined) return
    const { firstSequence, messages, refused } = transaction
    const end = firstSequence + messages
    if (code !== null) {
      report(firstSequence, end - 1, 'refused', code)
      return
    }
    let from = firstSequence
    for (const [sequence, reason] of [...refused].sort(([a], [b]) => a - b)) {
      if (sequence > from) report(from, sequence - 1, 'confirmed', null)
      report(sequence, sequence, 'refused', reason)
      from = sequence + 1
    }
    if (from < end) report(from, end - 1, 'confirmed', null)
  }
}
