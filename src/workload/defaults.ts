/**
 * The one place where defaults exist. The parser applies them after everything was checked, so that what a result
 * stores as its workload is complete.
 */
export const DEFAULTS = {
  /** Name of a run without a workload file and without `--name`. */
  quickFormName: 'quick-form',
  messageBytes: 1024,
  producers: 1,
  consumers: 1,
  load: {
    model: 'closed',
    /** Closed: one unconfirmed message per producer, as in the published matrix. */
    closedInFlight: 1,
    /** Open: a cap per producer, high enough not to be felt below one second of delay at 1,000 messages per second. */
    openInFlight: 1000,
    arrivals: 'constant',
    seed: 1,
    catchUp: 'burst',
  },
  destination: { kind: 'queue', declare: true },
  delivery: {
    persistent: true,
    confirm: true,
    acknowledge: 'each',
    prefetch: 1000,
    subscription: 'plain',
    messagePerWrite: false,
    ordered: false,
  },
  payload: { content: 'random' },
  connect: { timeoutSeconds: 10, perSecond: 200 },
  /** With a number of messages and no time of its own, `measureSeconds` is only this limit. */
  measureSecondsLimit: 600,
  phases: {
    /** A fresh JVM is up to 5 times slower for its first 20 to 30 s (design.md section 10). */
    brokerWarmupSeconds: { file: 20, quickForm: 0, builtIn: 0 },
    /** For targets with an address; enough for V8 to compile what every message passes (method.md R8.8). */
    clientWarmupSeconds: 2,
    warmupSeconds: 5,
    measureSeconds: 30,
    drainSeconds: 30,
    repeats: 1,
    order: { file: 'shuffled', quickForm: 'listed' },
    orderSeed: 1,
    sentinel: 'auto',
  },
} as const

/** Smallest message that can carry the short payload header (run tag 2, producer 2, sequence 8). */
export const MESSAGE_BYTES_MIN = 12

/** Smallest message that can carry the full payload header and with it a time: below, no end-to-end latency. */
export const TIMED_MESSAGE_BYTES_MIN = 32

/** Largest message: far above what brokers take by default, far below what a worker could hold in flight. */
export const MESSAGE_BYTES_MAX = 256 * 1024 * 1024
