import type { BlockReason, PublisherEvents } from './driver.ts'

/**
 * What holds a publisher back, when there may be several causes at once: the first is reported by `onBlocked`, and
 * `onUnblocked` comes when the last is gone. So the events are balanced and never nested.
 */
export class Blockage {
  readonly #events: Pick<PublisherEvents, 'onBlocked' | 'onUnblocked'>
  readonly #reasons = new Set<BlockReason>()
  #ended = false

  constructor(events: Pick<PublisherEvents, 'onBlocked' | 'onUnblocked'>) {
    this.#events = events
  }

  get isBlocked(): boolean {
    return this.#reasons.size > 0
  }

  block(reason: BlockReason): void {
    if (this.#ended || this.#reasons.has(reason)) return
    this.#reasons.add(reason)
    if (this.#reasons.size === 1) this.#events.onBlocked(reason)
  }

  unblock(reason: BlockReason): void {
    if (this.#reasons.delete(reason) && this.#reasons.size === 0) this.#events.onUnblocked()
  }

  /** The connection is gone: lifts every cause, and reports none from now on. */
  end(): void {
    this.#ended = true
    if (!this.isBlocked) return
    this.#reasons.clear()
    this.#events.onUnblocked()
  }
}
