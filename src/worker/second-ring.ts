/** What one worker thread was like in one second (clipped at the ends of phases). */
export interface ThreadSecond {
  /** Since the common start. Several seconds in one where the thread stood still over their ends. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Less the sampling period; null where nothing was sampled. */
  readonly eventLoopDelayP99Ms: number | null
  readonly eventLoopDelayMaxMs: number | null
  /** Share of the time in which the event loop did not wait; 100 for a pacer that spins. */
  readonly eventLoopBusyPercent: number | null
  /** Of a core; null where the platform does not tell. */
  readonly threadCpuPercent: number | null
  readonly gcPauseMaxMs: number | null
  readonly gcPauseTotalMs: number | null
}

const FIELDS = [
  'fromSeconds',
  'toSeconds',
  'eventLoopDelayP99Ms',
  'eventLoopDelayMaxMs',
  'eventLoopBusyPercent',
  'threadCpuPercent',
  'gcPauseMaxMs',
  'gcPauseTotalMs',
] as const

/** A day: of a longer cell the first seconds are given up. 64 bytes each, 5.5 MB at most, outside of V8's heap. */
export const SECONDS_KEPT = 86_400
const SECONDS_AT_FIRST = 512

/** The seconds of one worker thread as rows of numbers, NaN for null. */
export class SecondRing {
  readonly #kept: number
  #rows: Float64Array
  #written = 0

  /** @param kept seconds, at least one. */
  constructor(kept = SECONDS_KEPT) {
    this.#kept = kept
    this.#rows = new Float64Array(Math.min(kept, SECONDS_AT_FIRST) * FIELDS.length)
  }

  push(second: ThreadSecond): void {
    const place = (this.#written % this.#kept) * FIELDS.length
    if (place === this.#rows.length) this.#grow()
    FIELDS.forEach((field, index) => {
      this.#rows[place + index] = second[field] ?? Number.NaN
    })
    this.#written++
  }

  /** A copy for `threadSecondsOf`, oldest first. */
  toRows(): Float64Array {
    const end = (this.#written % this.#kept) * FIELDS.length
    if (this.#written <= this.#kept) return this.#rows.slice(0, this.#written * FIELDS.length)
    const rows = new Float64Array(this.#kept * FIELDS.length)
    rows.set(this.#rows.subarray(end, rows.length))
    rows.set(this.#rows.subarray(0, end), rows.length - end)
    return rows
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(this.#rows.length * 2, this.#kept * FIELDS.length))
    grown.set(this.#rows)
    this.#rows = grown
  }
}

/** The seconds of a worker from the rows that it handed in. */
export function threadSecondsOf(rows: Float64Array): ThreadSecond[] {
  return Array.from({ length: Math.floor(rows.length / FIELDS.length) }, (_, second) => {
    const values = FIELDS.map((field, index) => {
      const value = rows[second * FIELDS.length + index] ?? Number.NaN
      return [field, Number.isNaN(value) ? null : value]
    })
    return Object.fromEntries(values) as ThreadSecond
  })
}
