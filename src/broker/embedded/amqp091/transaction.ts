import type { MemoryMeter } from '../destination.ts'

/** What a channel does between tx.select and its end takes effect by a commit, all of it in order, or never. */
export class Transaction {
  readonly #memory: MemoryMeter
  #deferred: (() => void)[] = []
  /** Of the messages that wait for the commit. */
  #bytes = 0

  constructor(memory: MemoryMeter) {
    this.#memory = memory
  }

  /** @param bytes that are kept for it. */
  defer(work: () => void, bytes = 0): void {
    this.#deferred.push(work)
    this.#bytes += bytes
    this.#memory.add(bytes)
  }

  commit(): void {
    const deferred = this.#deferred
    this.rollback()
    for (const work of deferred) work()
  }

  rollback(): void {
    this.#memory.add(-this.#bytes)
    this.#bytes = 0
    this.#deferred = []
  }
}
