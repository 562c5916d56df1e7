/** Floors for tests: a sound one, changed where a test cares; and targets. */
import assert from 'node:assert/strict'
import type { FloorRecord } from '../../../src/run/floor/floor-record.ts'
import { parseTarget } from '../../../src/workload/parse-target.ts'
import { resolveTarget } from '../../../src/workload/resolve-target.ts'
import type { Target } from '../../../src/workload/target.ts'

export function aFloor(changes: Partial<FloorRecord> = {}): FloorRecord {
  return {
    host: { cpuModel: 'Test CPU', cores: 4, toolVersion: '0.1.0', toolCommit: null, nodeVersion: 'v20.0.0' },
    protocol: 'stomp',
    client: 'wire',
    messageBytes: 1024,
    ceilingPerSecond: 10_000,
    flow: { model: 'open', wantedPerSecond: 2000, pacer: 'spin' },
    ratePerSecond: 2000,
    endToEnd: { p50Us: 200, p99Us: 600, p999Us: null },
    publish: { p50Us: 100, p99Us: 400, p999Us: null },
    pacer: { mode: 'spin', lagP50Us: 3, lagP99Us: 40 },
    othersPercent: null,
    measuredAt: '2026-11-21T10:14:00.000Z',
    ...changes,
  }
}

/** A target as the command line makes it, without credentials. */
export function targetOf(url: string): Target {
  const parsed = parseTarget(url)
  assert.ok(parsed.kind !== 'problems')
  return parsed.kind === 'broker' ? resolveTarget(parsed, () => '', { username: null, password: null }) : parsed
}
