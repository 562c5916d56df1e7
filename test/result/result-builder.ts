/** Builders of valid results for tests: the smallest ones, to be changed by spreading. */
import { SCHEMA_VERSION, type CellResult, type Latency } from '../../src/result/result.ts'
import type { PlannedRun, RunHeader } from '../../src/result/run-header.ts'

export function aLatency(changes: Partial<Latency> = {}): Latency {
  return {
    count: 1000,
    mean: 120.5,
    p50: 100,
    p90: 200,
    p99: 300,
    p999: null,
    p9999: null,
    max: 400,
    negative: 0,
    overflow: 0,
    effectiveCount: null,
    ...changes,
  }
}

export function aCell(id: string, changes: Partial<CellResult> = {}): CellResult {
  return {
    id,
    target: 'stomp://127.0.0.1:61613',
    protocol: 'stomp',
    client: 'library',
    clientVersion: '@stomp/stompjs 7.5.0',
    consumer: null,
    axes: { messageBytes: 1024, producers: 25, consumers: 25 },
    model: { kind: 'closed', inFlight: 1 },
    layout: 'per-pair',
    repetition: 1,
    sentinel: null,
    messageTimes: null,
    order: 1,
    startedAt: '2026-11-21T10:15:00.000Z',
    measureSeconds: 30,
    clock: 'same-thread',
    throughput: {
      offeredPerSecond: null,
      sentPerSecond: 100,
      confirmedPerSecond: 100,
      deliveredPerSecond: 100,
      deliveredMegabytesPerSecond: 0.1024,
    },
    latencyUs: {
      endToEnd: { response: null, service: aLatency() },
      publish: { response: null, service: aLatency() },
      sendLag: null,
    },
    integrity: null,
    broker: null,
    generator: null,
    floor: null,
    verdict: { kind: 'valid', reasons: [], checks: ['lossy'] },
    notes: [],
    intervals: [],
    littlesLaw: null,
    soak: null,
    histogramFile: null,
    ...changes,
  }
}

export function aHeader(runId: string, changes: Partial<RunHeader> = {}): RunHeader {
  return {
    schemaVersion: SCHEMA_VERSION,
    runId,
    title: 'quick',
    createdAt: '2026-11-21T10:15:00.000Z',
    tool: { name: 'brokermark', version: '0.1.0', commit: null },
    environment: { cpuModel: 'test', cpuCores: 2, governor: null },
    workload: { name: 'quick' },
    profile: null,
    targets: [],
    source: null,
    priorVariation: [],
    cautions: [],
    ...changes,
  }
}

export function aPlan(...cellIds: string[]): PlannedRun {
  return { cellIds, plan: { workload: 'quick' } }
}
