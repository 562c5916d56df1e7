const SLOTS_MAX_AT_FIRST = 65_536

/**
 * The delivery-ids of messages delivered and not yet acknowledged, in a ring by token. Tokens count 0, 1, 2 ... and are
 * given back in that order. An id of -1: the sender had settled the message already.
 */
export class DeliveryIds {
  #ids: Float64Array
  #low = 0
  #next = 0

  /** @param prefetch expected number outstanding; more only makes the ring grow. */
  constructor(prefetch: number) {
    this.#ids = new Float64Array(2 ** Math.ceil(Math.log2(Math.max(2, Math.min(prefetch, SLOTS_MAX_AT_FIRST)))))
  }

  put(token: number, id: number): void {
    if (token - this.#low >= this.#ids.length) this.#grow()
    this.#ids[token & (this.#ids.length - 1)] = id
    this.#next = token + 1
  }

  /** The token's id; the token and all before it are done with. -1 also for one that was never put. */
  take(token: number): number {
    if (token < this.#low || token >= this.#next) return -1
    this.#low = token + 1
    return this.#ids[token & (this.#ids.length - 1)] as number
  }

  #grow(): void {
    const grown = new Float64Array(this.#ids.length * 2)
    for (let token = this.#low; token < this.#next; token++) {
      grown[token & (grown.length - 1)] = this.#ids[token & (this.#ids.length - 1)] as number
    }
    this.#ids = grown
  }
}
