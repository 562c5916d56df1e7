/**
 * For how long the system under test held one producer back, so that a message's send lag can be split into blocked lag
 * (socket, credit, confirm window: belongs to the broker) and generator lag (ours; method.md R1.5).
 *
 * Messages of a producer leave in order, so questions come with rising times and a cursor answers them in O(1).
 */
export class BlockedTime {
  #starts: number[] = []
  #ends: number[] = []
  /** First interval that has not ended before the last time asked about. */
  #cursor = 0
  /** Blocked time in intervals before the cursor. */
  #beforeCursorUs = 0
  #closedTotalUs = 0
  #openSince: number | null = null

  get isBlocked(): boolean {
    return this.#openSince !== null
  }

  /** Idempotent while blocked. */
  begin(atUs: number): void {
    this.#openSince ??= atUs
  }

  end(atUs: number): void {
    if (this.#openSince === null) return
    this.#starts.push(this.#openSince)
    this.#ends.push(atUs)
    this.#closedTotalUs += atUs - this.#openSince
    this.#openSince = null
  }

  /** Blocked microseconds between `fromUs`, which must not decrease from call to call, and `nowUs`. */
  between(fromUs: number, nowUs: number): number {
    const openUs = this.#openSince === null ? 0 : Math.max(0, nowUs - this.#openSince)
    return this.#closedTotalUs + openUs - this.#before(fromUs)
  }

  #before(atUs: number): number {
    while (this.#cursor < this.#ends.length && (this.#ends[this.#cursor] ?? 0) <= atUs) {
      this.#beforeCursorUs += (this.#ends[this.#cursor] ?? 0) - (this.#starts[this.#cursor] ?? 0)
      this.#cursor++
    }
    if (this.#cursor > 1024) this.#forget()
    const start = this.#starts[this.#cursor] ?? this.#openSince
    return this.#beforeCursorUs + (start === null ? 0 : Math.max(0, atUs - start))
  }

  #forget(): void {
    this.#starts = this.#starts.slice(this.#cursor)
    this.#ends = this.#ends.slice(this.#cursor)
    this.#cursor = 0
  }
}
