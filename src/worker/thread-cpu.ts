import { readFileSync } from 'node:fs'

/**
 * CPU time of the calling thread in microseconds. Node 20 has no call for it, and Linux tells it in `schedstat` (first
 * field, nanoseconds). Null elsewhere.
 */
export function threadCpuUs(): number | null {
  try {
    const nanoseconds = Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1)[0])
    return Number.isFinite(nanoseconds) ? nanoseconds / 1_000 : null
  } catch {
    return null
  }
}

/** Takes the thread's CPU at the two ends of the measured window. */
export class BusyTime {
  readonly #nowUs: () => number
  #from: Reading | null = null
  #to: Reading | null = null

  constructor(nowUs: () => number) {
    this.#nowUs = nowUs
  }

  begin(): void {
    this.#from = this.#read()
  }

  end(): void {
    this.#to = this.#read()
  }

  /** Percent of a core between `begin` and `end`; null where one of them did not come, or nothing can be read. */
  get percent(): number | null {
    const [from, to] = [this.#from, this.#to]
    if (from === null || to === null || to.atUs <= from.atUs) return null
    return ((to.cpuUs - from.cpuUs) / (to.atUs - from.atUs)) * 100
  }

  #read(): Reading | null {
    const cpuUs = threadCpuUs()
    return cpuUs === null ? null : { cpuUs, atUs: this.#nowUs() }
  }
}

interface Reading {
  readonly cpuUs: number
  readonly atUs: number
}
