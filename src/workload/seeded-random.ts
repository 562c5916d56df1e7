/**
 * Random numbers that are the same for the same seed, on every machine and thread: what a workload draws must be able to
 * be drawn again. sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, passes PractRand and BigCrush.
 */
export class SeededRandom {
  #a: number
  #b: number
  #c: number
  #counter = 1

  /** @param seed any whole number. */
  constructor(seed: number) {
    this.#a = 0
    this.#b = seed | 0
    this.#c = Math.trunc(seed / 2 ** 32) | 0
    // The author's number of rounds until the seed is mixed in.
    for (let round = 0; round < 15; round++) this.#next()
  }

  /** Evenly in [0, 1), of 53 bits. */
  uniform(): number {
    return ((this.#next() >>> 5) * 2 ** 26 + (this.#next() >>> 6)) / 2 ** 53
  }

  /** Exponential with mean 1: -ln(1 - u). */
  exponential(): number {
    return -Math.log1p(-this.uniform())
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    return Math.sqrt(2 * this.exponential()) * Math.cos(2 * Math.PI * this.uniform())
  }

  /** A whole number in [0, below). */
  below(below: number): number {
    return Math.floor(this.uniform() * below)
  }

  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + sum) | 0
    return sum
  }
}
