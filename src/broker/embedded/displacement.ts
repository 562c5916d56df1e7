import { DISPLACED_QUIET_US } from './fault-model.ts'
import type { FaultModel } from './fault-model.ts'

interface Displaced<T> {
  readonly message: T
  /** Messages that are still to overtake it. */
  left: number
  overtaken: boolean
}

/**
 * Carries out `MessageFate.displaceBy` for one queue: keeps displaced messages aside until enough others of the queue
 * have passed. Pure; messages come out of `release` in their new order.
 */
export class Displacement<T> {
  readonly #model: FaultModel
  readonly #release: (message: T) => void
  /** In the order in which they are due, because every message is displaced by the same number. */
  readonly #aside: Displaced<T>[] = []
  #lastOfferUs = 0

  constructor(model: FaultModel, release: (message: T) => void) {
    this.#model = model
    this.#release = release
  }

  /** Number of messages kept aside. */
  get size(): number {
    return this.#aside.length
  }

  /** When `releaseQuiet` has something to do, at the earliest; Infinity where nothing is kept aside. */
  get quietAtUs(): number {
    return this.#aside.length === 0 ? Infinity : this.#lastOfferUs + DISPLACED_QUIET_US
  }

  /** The next message of the queue: released now, or kept aside. */
  offer(message: T, displaceBy: number, nowUs: number): void {
    this.#lastOfferUs = nowUs
    if (displaceBy > 0) {
      this.#aside.push({ message, left: displaceBy, overtaken: false })
      return
    }
    this.#release(message)
    for (const displaced of this.#aside) {
      displaced.left--
      displaced.overtaken = true
    }
    while (this.#aside[0]?.left === 0) this.#releaseFirst()
  }

  /** Lets everything out that is kept aside, if no message has come for DISPLACED_QUIET_US. */
  releaseQuiet(nowUs: number): void {
    if (nowUs < this.quietAtUs) return
    while (this.#aside.length > 0) this.#releaseFirst()
  }

  #releaseFirst(): void {
    const first = this.#aside.shift()
    if (first === undefined) return
    if (first.overtaken) this.#model.countReordered()
    this.#release(first.message)
  }
}
