/**
 * Floors of one client at one size, measured as everything else is: cells of the ordinary harness on the embedded broker
 * in its own process. First the ceiling, which warms the client up, then the latencies in each flow.
 */
import { clockSince, newEpochNs } from '../../measure/clock.ts'
import { maxOfKnown } from '../../measure/statistics/max-of-known.ts'
import type { PacerMode } from '../../pacing/pacer.ts'
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
import { CEILING_SHARE_MAX } from '../verdict/floor.ts'
import { BYTES_IN_FLIGHT_MAX } from './floor-flow.ts'
import {
  pairName,
  type FloorFlow,
  type FloorHost,
  type FloorPair,
  type FloorRecord,
  type FloorWish,
} from './floor-record.ts'
import { othersPercent } from './other-programs.ts'
import { withMessages } from './with-messages.ts'
import { CEILING_SECONDS, secondsOfFlow, type FloorSeconds } from './floor-time.ts'

const CEILING_IN_FLIGHT = 100
const OPEN_IN_FLIGHT_MAX = 1_000
/** The broker inside is on this host: nothing is flooded, and 200 pairs are not to be waited for. */
const CONNECTIONS_PER_SECOND = 5_000
const TIMEOUT_MS = 10_000

/** Why a floor could not be measured; the message is one sentence. */
export class FloorError extends Error {
  override readonly name = 'FloorError'
}

/** One cell on the broker inside. */
interface FloorCell {
  readonly flags: QuickFlags
  readonly seconds: FloorSeconds
  /** Null: as the rate has it. */
  readonly pacer: PacerMode | null
}

/**
 * @returns one record per flow, in their order.
 * @throws FloorError where a cell failed or was interrupted, and whatever starting the broker throws.
 */
export async function measureFloors(
  wish: FloorWish,
  host: FloorHost,
  threads: ThreadPool,
  signal: AbortSignal,
): Promise<readonly FloorRecord[]> {
  const { pair, messageBytes, flows } = wish
  const target = targetOf(pair)
  const session = await openTarget(target, TIMEOUT_MS, { pid: null, cgroupPath: null })
  try {
    const measure = (cell: FloorCell): Promise<CellResult> =>
      withMessages(() => measured(cellOf(wish, target, cell), cell.pacer, session, threads, signal)).then(sound)
    const ceiling = await measure({
      flags: { x: '1', y: '1', c: String(fitting(CEILING_IN_FLIGHT, messageBytes)) },
      seconds: CEILING_SECONDS,
      pacer: null,
    })
    const ceilingPerSecond = ceiling.throughput?.deliveredPerSecond ?? 0
    if (ceilingPerSecond <= 0) throw new FloorError(`${pairName(pair)}: no message was delivered`)
    const records: FloorRecord[] = []
    for (const flow of flows) {
      const result = await measure(cellOfFlow(flow, messageBytes, ceilingPerSecond))
      records.push({
        host,
        ...pair,
        messageBytes,
        ceilingPerSecond,
        flow,
        ...floorFigures(result, flow, ceilingPerSecond),
        othersPercent: maxOfKnown([othersPercent(ceiling), othersPercent(result)]),
      })
    }
    return records
  } finally {
    await session.end()
  }
}

function cellOfFlow(flow: FloorFlow, messageBytes: number, ceilingPerSecond: number): FloorCell {
  const seconds = secondsOfFlow(flow)
  if (flow.model === 'closed') {
    const pairs = String(flow.pairs)
    return { flags: { x: pairs, y: pairs, c: String(flow.inFlight) }, seconds, pacer: null }
  }
  const rate = String(rateOf(flow.wantedPerSecond, ceilingPerSecond))
  const inFlight = String(fitting(OPEN_IN_FLIGHT_MAX, messageBytes))
  return { flags: { x: '1', y: '1', r: rate, c: inFlight }, seconds, pacer: flow.pacer }
}

/** As wished, as far as a thread of a plan would ever be loaded (R8.7). */
function rateOf(wantedPerSecond: number, ceilingPerSecond: number): number {
  return Math.max(1, Math.floor(Math.min(wantedPerSecond, CEILING_SHARE_MAX * ceilingPerSecond)))
}

/** As many messages in flight as the broker inside can hold. */
function fitting(messages: number, messageBytes: number): number {
  return Math.max(1, Math.min(messages, Math.floor(BYTES_IN_FLIGHT_MAX / messageBytes)))
}

function floorFigures(
  { latencyUs, throughput, startedAt }: CellResult,
  flow: FloorFlow,
  ceilingPerSecond: number,
): Pick<FloorRecord, 'ratePerSecond' | 'endToEnd' | 'publish' | 'pacer' | 'measuredAt'> {
  const lag = latencyUs?.sendLag?.generator ?? null
  const isOpen = flow.model === 'open'
  return {
    ratePerSecond: isOpen ? rateOf(flow.wantedPerSecond, ceilingPerSecond) : (throughput?.deliveredPerSecond ?? 0),
    endToEnd: percentilesOf(latencyUs?.endToEnd?.service ?? null),
    publish: percentilesOf(latencyUs?.publish?.service ?? null),
    pacer: isOpen ? { mode: flow.pacer, lagP50Us: lag?.p50 ?? null, lagP99Us: lag?.p99 ?? null } : null,
    measuredAt: startedAt ?? new Date().toISOString(),
  }
}

function percentilesOf(latency: Latency | null): FloorRecord['endToEnd'] {
  return { p50Us: latency?.p50 ?? null, p99Us: latency?.p99 ?? null, p999Us: latency?.p999 ?? null }
}

async function measured(
  cell: Cell,
  pacer: PacerMode | null,
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
    ...(pacer === null ? {} : { pacerMode: pacer }),
    signal,
    onInterval: () => undefined,
  })
  return result
}

function sound(result: CellResult): CellResult {
  const { kind, reasons } = result.verdict
  if (kind === 'failed' || kind === 'interrupted') throw new FloorError(reasons[0]?.text ?? 'it was interrupted')
  return result
}

function targetOf({ protocol }: FloorPair): EmbeddedTarget {
  const target = parseTarget(`embedded:?protocol=${protocol}`)
  if (target.kind !== 'embedded') throw new FloorError(`the embedded broker does not speak ${protocol}`)
  return target
}

/** What `brokermark run` with these flags would measure, every other setting its default. */
function cellOf({ pair, messageBytes }: FloorWish, target: EmbeddedTarget, { flags, seconds }: FloorCell): Cell {
  const { overrides } = overridesOf({ ...flags, s: String(messageBytes), z: String(seconds.measure) })
  const more = { 'phases.warmupSeconds': seconds.warmup, 'connect.perSecond': CONNECTIONS_PER_SECOND }
  const added = Object.entries(more).map(([path, value]) => ({ path, at: 'floor', value }))
  const parsed = parseWorkload({ text: null, fallbackName: 'floor', overrides: [...overrides, ...added] })
  if (parsed.kind === 'problems') throw new FloorError(parsed.problems.map(({ text }) => text).join('; '))
  const options = { defaultClient: () => pair.client, brokerWarmupGiven: false }
  const [cell] = expand(parsed.workload, [target], options)
  if (cell === undefined) throw new FloorError('there is no cell to measure')
  return cell
}
