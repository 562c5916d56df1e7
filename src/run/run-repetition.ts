/**
 * One repetition of a campaign in this process, from fresh threads on: for each target, for each of its cells, measure and
 * hand over (design.md section 2).
 */
import { readFileSync } from 'node:fs'
import { DriverError, toDriverError } from '../driver/driver-error.ts'
import { clockSince, newEpochNs } from '../measure/clock.ts'
import { ThreadPool } from '../worker/crew.ts'
import type { Cell } from '../workload/cell.ts'
import type { Target } from '../workload/target.ts'
import { placeOf } from './cell-place.ts'
import { ClientWarmup } from './client-warmup.ts'
import { giveUpTarget } from './give-up-target.ts'
import { histogramLogOf } from './histogram-intervals.ts'
import { faultOfPilot, pilotOf } from './prove-ends.ts'
import { readTrace } from './read-trace.ts'
import type { RepetitionEvents, RepetitionPlan, RunRepetition } from './repetition.ts'
import { runCell, type CellContext, type MeasuredCell } from './run-cell.ts'
import { brokerName, targetResult } from './target-record.ts'
import { openTarget, type TargetSession } from './target-session.ts'
import { untilAborted } from './until-aborted.ts'

/** What all cells of a repetition share. */
interface Repetition {
  readonly plan: RepetitionPlan
  readonly events: RepetitionEvents
  readonly signal: AbortSignal
  readonly threads: ThreadPool
  readonly clientWarmup: ClientWarmup
  readonly epochNs: bigint
}

type Block = readonly [Cell, ...Cell[]]

/** Runs the cells of `plan.cells`; those of an interrupted repetition that did not begin are left out. */
export const runRepetition: RunRepetition = async (plan, events, signal) => {
  const threads = new ThreadPool(plan.threads)
  const clientWarmup = new ClientWarmup(threads, plan.threads, events, signal)
  const repetition: Repetition = { plan, events, signal, threads, clientWarmup, epochNs: newEpochNs() }
  try {
    await threads.proveClocks(repetition.epochNs)
    if (threads.clockProof !== null) events.tell({ kind: 'clocks', proof: threads.clockProof })
    for (const block of blocksOf(plan.cells)) {
      const target = plan.targets[block[0].targetIndex]
      if (target === undefined || signal.aborted) break
      await runTarget(repetition, target, block)
    }
  } finally {
    await threads.destroy()
  }
}

/** Cells that follow each other on one target. */
function blocksOf(cells: readonly Cell[]): readonly Block[] {
  const blocks: [Cell, ...Cell[]][] = []
  for (const cell of cells) {
    const last = blocks.at(-1)
    if (last?.[0].targetIndex === cell.targetIndex) last.push(cell)
    else blocks.push([cell])
  }
  return blocks
}

async function runTarget(repetition: Repetition, target: Target, cells: Block): Promise<void> {
  const { plan, events, signal } = repetition
  await repetition.clientWarmup.warm(target, cells)
  if (repetition.signal.aborted) return
  let session: TargetSession
  try {
    const timeoutMs = cells[0].connect.timeoutSeconds * 1_000
    const opening = openTarget(target, timeoutMs, { pid: plan.brokerPid, cgroupPath: plan.brokerCgroup })
    const opened = await untilAborted(opening, signal)
    if (opened === null) {
      // A broker that has just been started for the run ends all the same.
      opening.then((late) => late.end()).catch(() => undefined)
      return
    }
    session = opened
  } catch (error) {
    await giveUpTarget(plan, events, target.label, cells, toDriverError(error, `starting ${target.label}`))
    return
  }
  try {
    const broker = brokerName(session) ?? 'a broker that does not tell its name'
    const sentence = `${broker}; CPU: ${session.cpuSource}`
    events.tell({ kind: 'target', found: targetResult(target, session), sentence })
    if (session.probe === null && target.kind === 'broker')
      events.tell({ kind: 'warning', sentence: `the CPU of ${target.label} is not sampled: ${session.cpuSource}` })
    const fault = await proveEnds(repetition, session, cells)
    if (fault !== null) {
      await giveUpTarget(plan, events, target.label, cells, fault)
      return
    }
    await warmBroker(repetition, session, cells)
    for (const cell of cells) {
      if (signal.aborted) break
      await measureAndStore(repetition, session, cell)
    }
  } finally {
    await session.end()
  }
}

/** Why the ends of a target cannot be used together; null where they can, or do not differ. */
async function proveEnds(repetition: Repetition, session: TargetSession, cells: Block): Promise<DriverError | null> {
  const pilot = pilotOf(cells[0])
  if (pilot === null) return null
  const { result } = await runOn(repetition, session, pilot, () => undefined)
  const fault = repetition.signal.aborted ? null : faultOfPilot(pilot, result, session.identity.product)
  return fault === null ? null : new DriverError('unsupported', fault)
}

/** Unmeasured load in the shape of the first cell: a fresh JVM is up to five times slower for its first 20 to 30 s. */
async function warmBroker(repetition: Repetition, session: TargetSession, [first]: Block): Promise<void> {
  const seconds = first.phases.brokerWarmupSeconds
  if (seconds === 0) return
  repetition.events.tell({ kind: 'broker-warm-up', target: session.target.label, seconds })
  const phases = { ...first.phases, warmupSeconds: seconds, measureSeconds: 0, messagesPerProducer: null }
  await runOn(repetition, session, { ...first, phases }, () => undefined)
}

async function measureAndStore(repetition: Repetition, session: TargetSession, cell: Cell): Promise<void> {
  const { events, plan } = repetition
  events.tell({ kind: 'cell-start', cellId: cell.id, order: plan.orderFrom + plan.cells.indexOf(cell) })
  const { result, histograms } = await runOn(repetition, session, cell, (interval) =>
    events.tell({ kind: 'interval', cellId: cell.id, interval }),
  )
  await events.store({ result, histograms: histograms === null ? null : histogramLogOf(histograms) })
}

/** Runs a cell of the plan, or one made from it, and says what it leaves on the broker. */
async function runOn(
  { plan, events, signal, threads, clientWarmup, epochNs }: Repetition,
  session: TargetSession,
  cell: Cell,
  onInterval: CellContext['onInterval'],
): Promise<MeasuredCell> {
  const target = session.target.label
  const { content } = cell.payload
  const measured = await runCell(cell, {
    ...(await placeOf(plan, cell)),
    session,
    threads,
    epochNs,
    clock: clockSince(epochNs),
    payloadFile: content.kind === 'file' ? readFileSync(content.path) : null,
    traceUs:
      cell.load.model === 'open' && cell.load.arrivals.kind === 'trace' ? readTrace(cell.load.arrivals.path) : null,
    clientWarmupSeconds: clientWarmup.secondsOf(session.target, cell),
    signal,
    onDeclare: (destinations) => events.tell({ kind: 'declaring', target, destinations }),
    onInterval,
  })
  events.tell({ kind: 'removed', target, remains: measured.remains })
  return measured
}
