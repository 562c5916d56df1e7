/** Calls back once at or soon after a given time of its own clock. The broker has one; tests have one that they turn. */
export interface Alarm {
  /** Microseconds since some fixed instant. */
  nowUs(): number
  /** Sets the alarm, or sets it earlier; a later time than the one set is ignored. Infinity does nothing. */
  setAt(timeUs: number): void
  onRing: (nowUs: number) => void
}

/** Timers of Node come a millisecond late or more: for the last part the alarm polls. */
const POLL_FROM_US = 2500

/** In real time, accurate to a turn of the event loop, at the cost of polling for the last 2.5 ms before each ring. */
export class RealAlarm implements Alarm {
  onRing: (nowUs: number) => void = () => undefined
  #atUs = Infinity
  #timer: NodeJS.Timeout | null = null
  #poll: NodeJS.Immediate | null = null

  nowUs(): number {
    return performance.now() * 1000
  }

  setAt(timeUs: number): void {
    if (timeUs >= this.#atUs) return
    this.#atUs = timeUs
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#wait()
  }

  #wait(): void {
    if (this.#poll !== null) return
    const leftUs = this.#atUs - this.nowUs()
    if (leftUs > POLL_FROM_US) {
      this.#timer = setTimeout(
        () => {
          this.#timer = null
          this.#wait()
        },
        (leftUs - POLL_FROM_US) / 1000,
      )
    } else {
      this.#poll = setImmediate(() => {
        this.#poll = null
        this.#check()
      })
    }
  }

  #check(): void {
    const nowUs = this.nowUs()
    if (nowUs < this.#atUs) {
      this.#wait()
      return
    }
    this.#atUs = Infinity
    this.onRing(nowUs)
  }
}
