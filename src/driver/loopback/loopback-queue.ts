interface LoopbackConsumer {
  readonly prefetch: number
  readonly deliver: (body: Uint8Array) => void
  unacknowledged: number
}

interface LoopbackPublisher {
  readonly settle: ((first: number, last: number) => void) | null
  /** Messages taken in this turn and not yet settled: always a range, as a publisher counts without gaps. */
  first: number
  last: number
}

const SLOTS_AT_FIRST = 64

/**
 * One queue: a ring of body buffers that are re-used, served once per turn of the event loop, so that settling never
 * happens inside `publish` and many messages share one turn, as they share one packet on a socket.
 */
export class LoopbackQueue {
  #bodies: Buffer[] = []
  #size = SLOTS_AT_FIRST
  #head = 0
  #count = 0
  readonly #publishers: LoopbackPublisher[] = []
  readonly #consumers: (LoopbackConsumer | null)[] = []
  #turn = 0
  #scheduled = false
  readonly #serve = () => this.#serveTurn()

  addPublisher(settle: ((first: number, last: number) => void) | null): number {
    return this.#publishers.push({ settle, first: -1, last: -1 }) - 1
  }

  addConsumer(prefetch: number, deliver: (body: Uint8Array) => void): number {
    const place = this.#consumers.push({ prefetch, deliver, unacknowledged: 0 }) - 1
    this.#schedule()
    return place
  }

  removeConsumer(place: number): void {
    this.#consumers[place] = null
  }

  acknowledge(place: number): void {
    const consumer = this.#consumers[place]
    if (consumer === null || consumer === undefined) return
    consumer.unacknowledged--
    if (this.#count > 0) this.#schedule()
  }

  /** Copies the body: the caller re-uses it. */
  put(body: Uint8Array, publisherId: number, sequence: number): void {
    if (this.#count === this.#size) this.#grow()
    const slot = (this.#head + this.#count) & (this.#size - 1)
    let held = this.#bodies[slot]
    if (held?.length !== body.length) {
      held = Buffer.allocUnsafeSlow(body.length)
      this.#bodies[slot] = held
    }
    held.set(body)
    this.#count++
    const publisher = this.#publishers[publisherId]
    if (publisher !== undefined) {
      if (publisher.first < 0) publisher.first = sequence
      publisher.last = sequence
    }
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#serve)
  }

  #serveTurn(): void {
    this.#scheduled = false
    for (let served = this.#count; served > 0; served--) {
      const consumer = this.#nextConsumer()
      if (consumer === null) break
      const body = this.#bodies[this.#head]
      this.#head = (this.#head + 1) & (this.#size - 1)
      this.#count--
      consumer.unacknowledged++
      if (body !== undefined) consumer.deliver(body)
    }
    for (const publisher of this.#publishers) this.#settle(publisher)
  }

  #settle(publisher: LoopbackPublisher): void {
    if (publisher.first < 0) return
    const { first, last } = publisher
    publisher.first = -1
    publisher.settle?.(first, last)
  }

  /** Round robin over consumers whose window is open; null when there is none. */
  #nextConsumer(): LoopbackConsumer | null {
    for (let tried = 0; tried < this.#consumers.length; tried++) {
      const consumer = this.#consumers[this.#turn]
      this.#turn = (this.#turn + 1) % this.#consumers.length
      if (consumer !== null && consumer !== undefined && consumer.unacknowledged < consumer.prefetch) return consumer
    }
    return null
  }

  #grow(): void {
    const mask = this.#size - 1
    this.#bodies = Array.from(
      { length: this.#size },
      (_, index) => this.#bodies[(this.#head + index) & mask] ?? Buffer.alloc(0),
    )
    this.#size *= 2
    this.#head = 0
  }
}
