/** Of a longer gap between two readings chance is no help: whoever reads was kept from it, maybe by the load *(our choice)*. */
const LATE_GAP_US = 50_000
/** Of the standard error on either side: 99.9 % of a normal distribution. */
const INTERVAL_WIDTH = 3.29

/** What the readings of a stretch of time add up to. */
export interface FlightArea {
  readonly readings: number
  /** Messages times microseconds. */
  readonly areaUs: number
  /** How far `areaUs` may be off, 99.9 %, the same unit. */
  readonly errorUs: number
}

/**
 * The time integral of how many messages are in flight, from readings at moments that have nothing to do with the load:
 * by trapezoids, so that each reading weighs as the time that it stands for, also where one came late. Pure, in constant
 * memory.
 *
 * With one random moment in each of many equal stretches the sum is right on average for any course whatever. How far it
 * may be off follows from the counts, which only grow: between two readings there were never more in flight than the second
 * count of sent less the first of arrived, and never fewer than the first of sent less the second of arrived. A number
 * between two bounds has a standard deviation of half their distance at most (Popoviciu 1935); late readings are taken at
 * their worst.
 */
export class FlightIntegral {
  #readings = 0
  #atUs = 0
  #sent = 0
  #arrived = 0
  #areaUs = 0
  #varianceUs2 = 0
  #lateErrorUs = 0

  /**
   * @param atUs after the last reading, else it is left out.
   * @param sent and `arrived` since the beginning of the cell.
   */
  add(atUs: number, sent: number, arrived: number): void {
    if (this.#readings > 0) {
      if (atUs <= this.#atUs) return
      this.#addGap(atUs - this.#atUs, sent, arrived)
    }
    this.#readings++
    this.#atUs = atUs
    this.#sent = sent
    this.#arrived = arrived
  }

  #addGap(gapUs: number, sent: number, arrived: number): void {
    const inFlight = (this.#sent - this.#arrived + sent - arrived) / 2
    const most = sent - this.#arrived
    const fewest = Math.max(0, this.#sent - arrived)
    this.#areaUs += gapUs * inFlight
    if (gapUs > LATE_GAP_US) this.#lateErrorUs += gapUs * Math.max(most - inFlight, inFlight - fewest)
    else this.#varianceUs2 += ((gapUs * (most - fewest)) / 2) ** 2
  }

  get area(): FlightArea {
    return {
      readings: this.#readings,
      areaUs: this.#areaUs,
      errorUs: INTERVAL_WIDTH * Math.sqrt(this.#varianceUs2) + this.#lateErrorUs,
    }
  }
}
