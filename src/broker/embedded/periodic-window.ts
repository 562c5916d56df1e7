import type { PeriodicFault } from './fault-config.ts'

/**
 * The time during which a periodic fault is on: `durationMs` in every `everyMs`, for the first time half a period after
 * the epoch. Pure; all times in microseconds of whatever clock the caller has.
 */
export class PeriodicWindow {
  readonly #durationUs: number
  readonly #everyUs: number
  #epochUs = 0

  constructor(fault: PeriodicFault) {
    this.#durationUs = fault.durationMs * 1000
    this.#everyUs = fault.everyMs * 1000
  }

  /** Sets time zero of the first period. */
  startAt(epochUs: number): void {
    this.#epochUs = epochUs
  }

  /** The end of the window that `timeUs` lies in, else `timeUs` itself. */
  endOrSame(timeUs: number): number {
    const intoWindowUs = this.#sinceLastStart(timeUs)
    return intoWindowUs < this.#durationUs ? timeUs - intoWindowUs + this.#durationUs : timeUs
  }

  isInside(timeUs: number): boolean {
    return this.#sinceLastStart(timeUs) < this.#durationUs
  }

  /** When the first window at or after `timeUs` begins. */
  nextStart(timeUs: number): number {
    const sinceUs = this.#sinceLastStart(timeUs)
    if (sinceUs === 0) return timeUs
    return sinceUs === Infinity ? this.#epochUs + this.#everyUs / 2 : timeUs - sinceUs + this.#everyUs
  }

  /** When `workUs` of work begun at `startUs` is done, if no work is done inside the windows. */
  finish(startUs: number, workUs: number): number {
    let atUs = this.endOrSame(startUs)
    let leftUs = workUs
    for (;;) {
      const pauseAtUs = this.nextStart(atUs)
      if (atUs + leftUs <= pauseAtUs) return atUs + leftUs
      leftUs -= pauseAtUs - atUs
      atUs = pauseAtUs + this.#durationUs
    }
  }

  /** Microseconds since a window last began; Infinity before the first. */
  #sinceLastStart(timeUs: number): number {
    const sinceFirstUs = timeUs - this.#epochUs - this.#everyUs / 2
    return sinceFirstUs < 0 ? Infinity : sinceFirstUs % this.#everyUs
  }
}
