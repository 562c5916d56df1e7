import { randomUUID } from 'node:crypto'

const NAME = 'brokermark-mark-'
const MARK_BYTES = NAME.length + 36
const ASCII = new TextDecoder()

/** A queue that fills as fast as it is emptied is given up after so many rounds. */
const ROUNDS_MAX = 100

/**
 * Tells when a queue is empty, which STOMP says nowhere: marks are sent behind everything that waits, and once they come
 * back alone there was nothing before them. Two go at a time, one persistent and one not, because ActiveMQ keeps those
 * apart and hands out all of the ones before the others. Pure but for the time-out.
 */
export class EmptyingMarks {
  readonly #send: (mark: string, persistent: boolean) => void
  readonly #awaited = new Set<string>()
  #found = 0
  #round: { readonly resolve: (isAlone: boolean | null) => void; readonly patience: NodeJS.Timeout } | null = null

  /** @param send publishes a message with this body to the queue. */
  constructor(send: (mark: string, persistent: boolean) => void) {
    this.#send = send
  }

  /**
   * Sends marks until they come back alone.
   * @param patienceMs without any message for so long the queue is given up: somebody else takes them.
   * @returns whether the queue was seen empty
   */
  async comeAlone(patienceMs: number): Promise<boolean> {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const isAlone = await this.#oneRound(patienceMs)
      if (isAlone !== false) return isAlone === true
    }
    return false
  }

  /** A message of the queue came: a mark or one of those that are to go. */
  came(body: Uint8Array): void {
    const isMark = body.length === MARK_BYTES && this.#awaited.delete(ASCII.decode(body))
    if (!isMark) this.#found++
    this.#round?.patience.refresh()
    if (this.#awaited.size === 0) this.#round?.resolve(this.#found === 0)
  }

  /** Nothing more will come, because the connection is gone. */
  giveUp(): void {
    this.#round?.resolve(null)
  }

  /** Null where nothing came any more. */
  async #oneRound(patienceMs: number): Promise<boolean | null> {
    this.#found = 0
    this.#awaited.clear()
    try {
      return await new Promise<boolean | null>((resolve) => {
        this.#round = { resolve, patience: setTimeout(() => resolve(null), patienceMs) }
        const marks = [randomUUID(), randomUUID()].map((id) => NAME + id)
        for (const mark of marks) this.#awaited.add(mark)
        for (const [index, mark] of marks.entries()) this.#send(mark, index === 0)
      })
    } finally {
      clearTimeout(this.#round?.patience)
      this.#round = null
    }
  }
}
