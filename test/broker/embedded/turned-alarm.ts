import type { Alarm } from '../../../src/broker/embedded/alarm.ts'

/** An alarm whose clock the test turns. */
export class TurnedAlarm implements Alarm {
  onRing: (nowUs: number) => void = () => undefined
  #nowUs = 0
  #atUs = Infinity

  nowUs(): number {
    return this.#nowUs
  }

  setAt(timeUs: number): void {
    this.#atUs = Math.min(this.#atUs, timeUs)
  }

  /** Lets the time pass, ringing whenever the alarm is due. */
  turnTo(timeUs: number): void {
    while (this.#atUs <= timeUs) {
      this.#nowUs = Math.max(this.#nowUs, this.#atUs)
      this.#atUs = Infinity
      this.onRing(this.#nowUs)
    }
    this.#nowUs = timeUs
  }
}
