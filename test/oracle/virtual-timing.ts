import type { Timing } from '../../src/pacing/timing.ts'

interface Event {
  readonly atUs: number
  readonly order: number
  readonly run: () => void
}

/**
 * A virtual clock with an event queue: a minute of load costs milliseconds, and every instant is exact. Events of one
 * instant run in the order in which they were asked for.
 */
export class VirtualTime {
  #nowUs = 0
  #order = 0
  readonly #heap: Event[] = []

  nowUs(): number {
    return this.#nowUs
  }

  at(atUs: number, run: () => void): void {
    const event = { atUs: Math.max(atUs, this.#nowUs), order: this.#order++, run }
    let place = this.#heap.push(event) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isBefore(event, this.#heap[parent])) break
      this.#heap[place] = this.#heap[parent] ?? event
      place = parent
    }
    this.#heap[place] = event
  }

  /** Runs events until there is none, or the next lies after `untilUs`. */
  run(untilUs: number): void {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || first.atUs > untilUs) return
      this.#removeFirst()
      this.#nowUs = first.atUs
      first.run()
    }
  }

  /** The timing of one worker. */
  timing(): Timing {
    let generation = 0
    return {
      nowUs: () => this.#nowUs,
      wakeAt: (atUs, wake) => {
        const mine = ++generation
        this.at(atUs, () => {
          if (mine === generation) wake()
        })
      },
      cancelWake: () => {
        generation++
      },
      soon: (run) => this.at(this.#nowUs, run),
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return
    let place = 0
    for (;;) {
      let child = place * 2 + 1
      if (child >= this.#heap.length) break
      if (child + 1 < this.#heap.length && isBefore(this.#heap[child + 1], this.#heap[child])) child++
      if (!isBefore(this.#heap[child], last)) break
      this.#heap[place] = this.#heap[child] ?? last
      place = child
    }
    this.#heap[place] = last
  }
}

function isBefore(a: Event | undefined, b: Event | undefined): boolean {
  if (a === undefined || b === undefined) return false
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order)
}
