/** Results for tests: a sound measured result, changed where a test cares. All figures are fixed. */
import type {
  BrokerUsage,
  CellResult,
  GeneratorUsage,
  Integrity,
  Interval,
  Latency,
  Result,
  TargetResult,
} from '../../src/result/result.ts'
import { UNMONITORED } from '../../src/result/unmonitored.ts'

/** A distribution whose percentiles grow from `p50Us`; too few samples make the high ones null. */
export function latency(p50Us: number, count = 100_000): Latency {
  return {
    count,
    mean: p50Us * 1.2,
    p50: p50Us,
    p90: p50Us * 2,
    p99: count < 368 ? null : p50Us * 4,
    p999: count < 3688 ? null : p50Us * 9,
    p9999: count < 36_887 ? null : p50Us * 15,
    max: p50Us * 20,
    negative: 0,
    overflow: 0,
    effectiveCount: null,
  }
}

export function integrity(changes: Partial<Integrity> = {}): Integrity {
  return {
    attempted: 100_000,
    confirmed: 100_000,
    refused: 0,
    refusals: {},
    received: 100_000,
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
    ...changes,
  }
}

export function brokerUsage(changes: Partial<BrokerUsage> = {}): BrokerUsage {
  return {
    cpuPercent: 42,
    cpuMicrosPerMessage: 84.5,
    memoryBytesMax: 512_000_000,
    source: 'pid 1234 (java), 1 process',
    base: '2 cores of the machine',
    ...changes,
  }
}

export function generatorUsage(changes: Partial<GeneratorUsage> = {}): GeneratorUsage {
  return {
    cpuPercent: 30,
    cpuMicrosPerMessage: 21.3,
    messagesPerWrite: 1,
    coLocated: true,
    threads: 1,
    eventLoopDelayP99Ms: 1.2,
    gcPauseMaxMs: 3.4,
    stealPercent: 0,
    threadBusyPercentMax: null,
    residentBytesMax: 180_000_000,
    processId: 4711,
    clientWarmupSeconds: null,
    ...changes,
  }
}

/** Two seconds of warm-up and `seconds` of measurement at a steady rate. */
export function intervals(perSecond: number, seconds = 4): Interval[] {
  return Array.from({ length: seconds + 2 }, (_, index) => ({
    ...UNMONITORED,
    phase: index < 2 ? ('warm-up' as const) : ('measure' as const),
    atSeconds: index + 1,
    seconds: 1,
    sent: perSecond + index,
    confirmed: perSecond + index,
    delivered: perSecond + index,
    backlog: index,
    p50Us: 900,
    p99Us: 3600,
    maxUs: 18_000,
    brokerCpuPercent: 42,
    generatorCpuPercent: 30,
  }))
}

export interface CellPlace {
  readonly target?: string
  readonly messageBytes?: number
  readonly producers?: number
  readonly consumers?: number
  readonly perSecond?: number
}

/** A valid cell of a closed model over STOMP at `perSecond` first deliveries. */
export function cell(place: CellPlace = {}, changes: Partial<CellResult> = {}): CellResult {
  const { target = 'stomp://127.0.0.1:61613', messageBytes = 1024, producers = 25, perSecond = 5000 } = place
  const consumers = place.consumers ?? producers
  return {
    id: `${target}-${messageBytes}B-${producers}x${consumers}`,
    target,
    protocol: 'stomp',
    client: 'library',
    clientVersion: '@stomp/stompjs 7.5.0',
    consumer: null,
    axes: { messageBytes, producers, consumers },
    model: { kind: 'closed', inFlight: 1 },
    layout: producers === consumers ? 'per-pair' : 'shared',
    repetition: 1,
    sentinel: null,
    messageTimes: null,
    order: 1,
    startedAt: '2026-11-21T10:15:00.000Z',
    measureSeconds: 30,
    clock: 'same-thread',
    throughput: {
      offeredPerSecond: null,
      sentPerSecond: perSecond,
      confirmedPerSecond: perSecond,
      deliveredPerSecond: consumers === 0 ? null : perSecond,
      deliveredMegabytesPerSecond: consumers === 0 ? null : (perSecond * messageBytes) / 1_000_000,
    },
    latencyUs: {
      endToEnd: consumers === 0 ? null : { response: null, service: latency((producers * 1e6) / perSecond) },
      publish: { response: null, service: latency((producers * 8e5) / perSecond) },
      sendLag: null,
    },
    integrity: integrity(),
    broker: brokerUsage(),
    generator: generatorUsage(),
    floor: null,
    verdict: { kind: 'valid', reasons: [], checks: ['lossy', 'generator-lag'] },
    notes: [],
    intervals: intervals(perSecond),
    littlesLaw: null,
    soak: null,
    histogramFile: `${messageBytes}B-${producers}x${consumers}.hlog`,
    ...changes,
  }
}

export function targetResult(changes: Partial<TargetResult> = {}): TargetResult {
  return {
    target: 'stomp://127.0.0.1:61613',
    protocol: 'stomp',
    broker: 'ActiveMQ 5.18.3',
    embedded: false,
    cpuSource: 'pid 1234 (java), 1 process',
    remains: [],
    ...changes,
  }
}

/** A complete result over `cells`, persistent and confirmed, one queue per pair. */
export function result(cells: readonly CellResult[], changes: Partial<Result> = {}): Result {
  return {
    schemaVersion: '1.0.0',
    runId: '20261121T101500Z-test-3f2a',
    status: 'complete',
    title: 'test matrix',
    createdAt: '2026-11-21T10:15:00.000Z',
    tool: { name: 'brokermark', version: '0.1.0', commit: null },
    environment: { 'host.cpuModel': 'Test CPU', 'host.cores': 2, 'node.version': 'v20.0.0' },
    workload: {
      name: 'test',
      question: 'What does it carry?',
      variants: [
        {
          axes: {},
          load: { model: 'closed', inFlight: 1 },
          destination: { kind: 'queue' },
          delivery: { persistent: true, confirm: true, acknowledge: { kind: 'each' }, prefetch: 1000 },
        },
      ],
    },
    profile: null,
    targets: [targetResult()],
    cells: [...cells],
    points: [],
    sentinels: [],
    priorVariation: [],
    source: null,
    cautions: [],
    ...changes,
  }
}

/** Sizes x pairs on one target, TPS falling with size and growing with pairs. */
export function matrix(target = 'stomp://127.0.0.1:61613', sizes = [1024, 10_240], pairs = [5, 10, 20]): CellResult[] {
  return sizes.flatMap((messageBytes) =>
    pairs.map((producers) =>
      cell({ target, messageBytes, producers, perSecond: Math.round((producers * 1e6) / (5000 + messageBytes / 4)) }),
    ),
  )
}
