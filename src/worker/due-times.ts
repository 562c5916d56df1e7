/** Intended times of one producer's messages that have come due and not left, oldest first. Grows as a stall needs. */
export class DueTimes {
  #times = new Float64Array(16)
  #first = 0
  #count = 0

  get count(): number {
    return this.#count
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  /** The oldest; only where there is one. */
  get firstUs(): number {
    return this.#times[this.#first] ?? 0
  }

  push(intendedUs: number): void {
    if (this.#count === this.#times.length) this.#grow()
    this.#times[(this.#first + this.#count) & (this.#times.length - 1)] = intendedUs
    this.#count++
  }

  /** Takes out the oldest. */
  shift(): void {
    this.#first = (this.#first + 1) & (this.#times.length - 1)
    this.#count--
  }

  #grow(): void {
    const grown = new Float64Array(this.#times.length * 2)
    grown.set(this.#times.subarray(this.#first))
    grown.set(this.#times.subarray(0, this.#first), this.#times.length - this.#first)
    this.#times = grown
    this.#first = 0
  }
}
