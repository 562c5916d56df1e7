/** Of a cell with which nothing is wrong, for tests that change one thing. */
import type { Floor, Integrity, Latency } from '../../../src/result/result.ts'
import type { CellEvidence } from '../../../src/run/verdict/evidence.ts'

/** 1,000 messages, all there. */
export const integrity: Integrity = {
  attempted: 1_000,
  confirmed: 1_000,
  refused: 0,
  refusals: {},
  received: 1_000,
  lost: 0,
  duplicated: 0,
  late: 0,
  unknown: 0,
  recovered: 0,
  unexpected: 0,
  corrupt: 0,
  drained: true,
  indeterminate: 0,
  aborted: 0,
  guarantee: null,
}

/** Of 1,000 messages, p99 2 ms. */
export const latency: Latency = {
  count: 1_000,
  mean: 500,
  p50: 400,
  p90: 800,
  p99: 2_000,
  p999: null,
  p9999: null,
  max: 3_000,
  negative: 0,
  overflow: 0,
  effectiveCount: null,
}

/** The harness alone: a median of 200 us, 10,000 messages per second. */
export const floor: Floor = {
  metric: 'endToEnd',
  p50Us: 200,
  p99Us: 600,
  p999Us: null,
  ratePerSecond: 2000,
  wantedPerSecond: 2000,
  pairs: 1,
  inFlight: null,
  messageBytes: 1024,
  ceilingPerSecond: 10_000,
  pacer: { mode: 'spin', lagP50Us: 3, lagP99Us: 40 },
  measuredAt: '2026-11-21T10:14:00.000Z',
}

/** An open model of ten seconds on a broker elsewhere. */
export const good: CellEvidence = {
  failure: null,
  interrupted: false,
  isOpen: true,
  hasConsumers: true,
  hasProducers: true,
  confirm: true,
  promise: { guarantee: 'at-least-once', ordered: false },
  constantRatePerSecond: null,
  skippedSlots: 0,
  intervals: [],
  measureSeconds: 10,
  profile: null,
  isEmbedded: false,
  closedLoop: null,
  littlesLaw: null,
  threadBusyPercentMax: null,
  integrity,
  latencyUs: {
    endToEnd: { response: latency, service: latency },
    publish: { response: latency, service: latency },
    sendLag: { generator: { ...latency, p99: 900 }, blocked: latency },
  },
  measuredMessages: 1_000,
  offeredMeasured: 1_000,
  offered: 1_000,
  missedSlots: 0,
  missedWhileBlocked: false,
  floor: null,
  handledPerSecond: 1_000,
  clockProof: { rounds: 1_000, offsetUsMin: -3, offsetUsMax: 4, violations: 0, roundTripUsMin: 5 },
  eventLoopDelayP99Ms: 1,
  gcPauseMaxMs: 2,
  stealPercent: 0,
  hostIdlePercent: 60,
  hostCores: 4,
  spinningThreads: 0,
  coLocated: false,
}
