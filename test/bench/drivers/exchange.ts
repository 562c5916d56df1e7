/** Something that messages can be put through to their end, and what one of them costs this process. */

/** Bytes and writes of both connections so far, as the client counts them. */
export interface Traffic {
  readonly publishedBytes: number
  readonly confirmBytes: number
  readonly deliveryBytes: number
  readonly acknowledgementBytes: number
  readonly writes: number
}

export interface Exchange {
  /**
   * Puts so many messages through: published, confirmed, delivered and acknowledged, all of them.
   * @throws Error when a connection is lost, a message refused, or not all is done in time.
   */
  run(messages: number): Promise<void>
  /** Null where the client hides it. */
  traffic(): Traffic | null
}

export interface Cost {
  /** User + system CPU of the whole process, in microseconds. */
  readonly cpuMicrosPerMessage: number
  readonly messagesPerSecond: number
  /** How often the process went to sleep, all threads together: each time costs it a switch back. */
  readonly sleepsPerMessage: number
  /** Per message; null where the client hides it. */
  readonly traffic: Traffic | null
}

/** Part of the measured time that runs before it, to be in step again. */
const LEAD_IN = 0.15
/** Enough to guess the rate of something that never ran. */
const FIRST_MESSAGES = 64

/** An exchange with the rate that it last had, so that a measurement takes the time that it was given. */
export class MeasuredExchange {
  readonly #exchange: Exchange
  #messagesPerSecond = 0

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  /** Measures for about so many seconds. @throws Error as `run` does */
  async measure(seconds: number): Promise<Cost> {
    if (this.#messagesPerSecond === 0) await this.#run(FIRST_MESSAGES)
    await this.#run(this.#messagesPerSecond * seconds * LEAD_IN)
    return this.#run(this.#messagesPerSecond * seconds)
  }

  async #run(wanted: number): Promise<Cost> {
    const messages = Math.max(FIRST_MESSAGES, Math.round(wanted))
    const before = this.#exchange.traffic()
    const startedMs = performance.now()
    const usedBefore = process.resourceUsage()
    await this.#exchange.run(messages)
    const used = process.resourceUsage()
    const seconds = (performance.now() - startedMs) / 1000
    this.#messagesPerSecond = messages / seconds
    const after = this.#exchange.traffic()
    return {
      cpuMicrosPerMessage: (cpuMicrosOf(used) - cpuMicrosOf(usedBefore)) / messages,
      messagesPerSecond: this.#messagesPerSecond,
      sleepsPerMessage: (used.voluntaryContextSwitches - usedBefore.voluntaryContextSwitches) / messages,
      traffic: before === null || after === null ? null : perMessage(before, after, messages),
    }
  }
}

function cpuMicrosOf(usage: NodeJS.ResourceUsage): number {
  return usage.userCPUTime + usage.systemCPUTime
}

function perMessage(before: Traffic, after: Traffic, messages: number): Traffic {
  return {
    publishedBytes: (after.publishedBytes - before.publishedBytes) / messages,
    confirmBytes: (after.confirmBytes - before.confirmBytes) / messages,
    deliveryBytes: (after.deliveryBytes - before.deliveryBytes) / messages,
    acknowledgementBytes: (after.acknowledgementBytes - before.acknowledgementBytes) / messages,
    writes: (after.writes - before.writes) / messages,
  }
}
