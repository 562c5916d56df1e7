/**
 * One floor, measured as everything else is: cells of the ordinary harness on the embedded broker in its own process.
 * First the ceiling, which warms the client up, then the latencies at a low constant rate.
 */
import { clockSince, newEpochNs } from '../../measure/clock.ts'
import { pacerModeFor } from '../../pacing/pacer.ts'
import type { CellResult, Latency } from '../../result/result.ts'
import type { ThreadPool } from '../../worker/crew.ts'
import type { Cell } from '../../workload/cell.ts'
import { expand } from '../../workload/expand.ts'
import { parseTarget } from '../../workload/parse-target.ts'
import { parseWorkload } from '../../workload/parse-workload.ts'
import { overridesOf, type QuickFlags } from '../../workload/quick-form.ts'
import type { EmbeddedTarget } from '../../workload/target.ts'
import { runCell } from '../run-cell.ts'
import { driverOf, openTarget, type TargetSession } from '../target-session.ts'
import { pairName, type FloorHost, type FloorPair, type FloorRecord } from './floor-record.ts'

const MESSAGE_BYTES = 1024
const CEILING_IN_FLIGHT = 100
/** Enough in two seconds for p99.9 (3,688 samples, method.md R3.2), and a small part of any ceiling. */
const LATENCY_PER_SECOND = 2_000
const TIMEOUT_MS = 10_000

/** Why a floor could not be measured; the message is one sentence. */
export class FloorError extends Error {
  override readonly name = 'FloorError'
}

/** @throws FloorError where a cell failed or was interrupted, and whatever starting the broker throws. */
export async function measureFloor(
  pair: FloorPair,
  host: FloorHost,
  threads: ThreadPool,
  signal: AbortSignal,
): Promise<FloorRecord> {
  const target = targetOf(pair)
  const session = await openTarget(target, TIMEOUT_MS, { pid: null, cgroupPath: null })
  try {
    const measure = (flags: QuickFlags, warmupSeconds: number) =>
      measured(cellOf(pair, target, flags, warmupSeconds), session, threads, signal)
    const ceiling = await measure({ c: String(CEILING_IN_FLIGHT), z: '1.5' }, 1)
    const open = await measure({ r: String(LATENCY_PER_SECOND), c: '1000', z: '2' }, 0.2)
    const perSecond = ceiling.throughput?.deliveredPerSecond ?? 0
    if (perSecond <= 0) throw new FloorError(`${pairName(pair)}: no message was delivered`)
    const lag = open.latencyUs?.sendLag?.generator ?? null
    return {
      host,
      ...pair,
      messageBytes: MESSAGE_BYTES,
      ceilingPerSecond: perSecond,
      ratePerSecond: LATENCY_PER_SECOND,
      endToEnd: percentilesOf(open.latencyUs?.endToEnd?.service ?? null),
      publish: percentilesOf(open.latencyUs?.publish?.service ?? null),
      pacer: { mode: pacerModeFor(LATENCY_PER_SECOND), lagP50Us: lag?.p50 ?? null, lagP99Us: lag?.p99 ?? null },
      measuredAt: open.startedAt ?? new Date().toISOString(),
    }
  } finally {
    await session.end()
  }
}

function percentilesOf(latency: Latency | null): FloorRecord['endToEnd'] {
  return { p50Us: latency?.p50 ?? null, p99Us: latency?.p99 ?? null, p999Us: latency?.p999 ?? null }
}

async function measured(
  cell: Cell,
  session: TargetSession,
  threads: ThreadPool,
  signal: AbortSignal,
): Promise<CellResult> {
  const driver = await driverOf(cell.protocol, cell.client)
  const epochNs = newEpochNs()
  const { result } = await runCell(cell, {
    session,
    driver,
    consumerDriver: driver,
    threads,
    threadCount: 1,
    epochNs,
    clock: clockSince(epochNs),
    order: 1,
    payloadFile: null,
    traceUs: null,
    floor: null,
    signal,
    onInterval: () => undefined,
  })
  const { kind, reasons } = result.verdict
  if (kind === 'failed' || kind === 'interrupted') throw new FloorError(reasons[0]?.text ?? 'it was interrupted')
  return result
}

function targetOf({ protocol }: FloorPair): EmbeddedTarget {
  const target = parseTarget(`embedded:?protocol=${protocol}`)
  if (target.kind !== 'embedded') throw new FloorError(`the embedded broker does not speak ${protocol}`)
  return target
}

/** What `brokermark run` with these flags would measure: one pair, every other setting its default. */
function cellOf(pair: FloorPair, target: EmbeddedTarget, flags: QuickFlags, warmupSeconds: number): Cell {
  const { overrides } = overridesOf({ x: '1', y: '1', s: String(MESSAGE_BYTES), ...flags })
  const timing = { path: 'phases.warmupSeconds', at: 'floor', value: warmupSeconds }
  const parsed = parseWorkload({ text: null, fallbackName: 'floor', overrides: [...overrides, timing] })
  if (parsed.kind === 'problems') throw new FloorError(parsed.problems.map(({ text }) => text).join('; '))
  const options = { defaultClient: () => pair.client, brokerWarmupGiven: false }
  const [cell] = expand(parsed.workload, [target], options)
  if (cell === undefined) throw new FloorError('there is no cell to measure')
  return cell
}
