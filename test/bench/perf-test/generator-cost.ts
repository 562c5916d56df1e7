/** What a load generator took while it was in full swing; the same figures for every tool. */
export interface GeneratorCost {
  /** User + system CPU of its whole process per message consumed. */
  readonly cpuMicrosPerMessage: number
  /** Messages consumed per second. */
  readonly messagesPerSecond: number
}

/** What both tools are asked for. */
export interface Comparison {
  readonly pairs: number
  /** Unconfirmed messages per producer. */
  readonly window: number
  readonly messageBytes: number
  readonly prefetch: number
  readonly measureSeconds: number
}
