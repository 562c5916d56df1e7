/**
 * THE SPINE. A campaign is one run of a workload: for each target, for each of its cells, measure and store, so that
 * nothing that was measured is ever lost; then put the result together (design.md section 2).
 */
import { readFileSync } from 'node:fs'
import { DriverError, toDriverError } from '../driver/driver-error.ts'
import { clockSince, newEpochNs } from '../measure/clock.ts'
import { SCHEMA_VERSION, type CellResult, type TargetResult } from '../result/result.ts'
import { createRun, openRun, type RunFolder, type RunHeader } from '../result/store.ts'
import { ThreadPool } from '../worker/crew.ts'
import type { Cell } from '../workload/cell.ts'
import type { Target } from '../workload/target.ts'
import type { CampaignEvents, CampaignOutcome, CampaignPlan } from './campaign.ts'
import { emptyCell, type CellPlace } from './cell-record.ts'
import { captureEnvironment, clockFacts } from './environment.ts'
import { findFloor } from './floor/cell-floor.ts'
import { histogramLogOf } from './histogram-intervals.ts'
import { faultOfPilot, pilotOf } from './prove-ends.ts'
import { redact, redactCell, secretsOf } from './redact.ts'
import { readTrace } from './read-trace.ts'
import { runCell, type CellContext } from './run-cell.ts'
import { toolCommit } from './tool-version.ts'
import { protocolOf } from '../workload/expand.ts'
import { driverOf, openTarget, type TargetSession } from './target-session.ts'

/** What all cells of a campaign share. */
interface Campaign {
  readonly plan: CampaignPlan
  readonly events: CampaignEvents
  readonly signal: AbortSignal
  readonly folder: RunFolder
  readonly threads: ThreadPool
  readonly epochNs: bigint
  readonly targets: TargetResult[]
  /** What an earlier attempt at this run had found out about its targets. */
  readonly known: readonly TargetResult[]
  readonly unusable: { target: string; sentence: string }[]
}

/** Runs the cells of `plan.cells` and puts the result together. @throws StoreError when results cannot be written. */
export async function runCampaign(
  plan: CampaignPlan,
  events: CampaignEvents,
  signal: AbortSignal,
): Promise<CampaignOutcome> {
  const { folder, header } = await openFolder(plan)
  const threads = new ThreadPool(plan.threads)
  const campaign: Campaign = {
    plan,
    events,
    signal,
    folder,
    threads,
    epochNs: newEpochNs(),
    targets: [],
    known: header.targets,
    unusable: [],
  }
  try {
    await threads.proveClocks(campaign.epochNs)
    folder.updateHeader({ environment: { ...header.environment, ...clockFacts(threads.clockProof) } })
    for (const [index, block] of blocksOf(plan.cells).entries()) {
      const target = plan.targets[block[0].targetIndex]
      if (target === undefined || signal.aborted) break
      // A repetition starts from nothing, as a restart of the tool would: what V8 has learned goes with its threads.
      if (index > 0 && block[0].repetition > 1) await threads.renew()
      await runTarget(campaign, target, block)
    }
    storeTargets(campaign)
    const result = folder.finish(signal.aborted ? 'interrupted' : 'complete')
    return { result, folder: folder.path, interrupted: signal.aborted, unusableTargets: campaign.unusable }
  } finally {
    folder.close()
    await threads.destroy()
  }
}

/** Cells that follow each other on one target in one repetition. */
function blocksOf(cells: readonly Cell[]): readonly (readonly [Cell, ...Cell[]])[] {
  const blocks: [Cell, ...Cell[]][] = []
  for (const cell of cells) {
    const last = blocks.at(-1)
    if (last?.[0].targetIndex === cell.targetIndex && last[0].repetition === cell.repetition) last.push(cell)
    else blocks.push([cell])
  }
  return blocks
}

/** The run's folder, and its header: that of an earlier attempt where it is continued. */
async function openFolder(plan: CampaignPlan): Promise<{ folder: RunFolder; header: RunHeader }> {
  if (plan.resume) return openRun(plan.resultsFolder, plan.runId)
  const header = await headerOf(plan)
  return { folder: createRun(plan.resultsFolder, header, plannedOf(plan)), header }
}

async function runTarget(campaign: Campaign, target: Target, cells: readonly Cell[]): Promise<void> {
  const { plan, events } = campaign
  let session: TargetSession
  try {
    const timeoutMs = plan.workload.connect.timeoutSeconds * 1_000
    session = await openTarget(target, timeoutMs, { pid: plan.brokerPid, cgroupPath: plan.brokerCgroup })
  } catch (error) {
    await giveUpTarget(campaign, target, cells, toDriverError(error, `starting ${target.label}`))
    return
  }
  try {
    const broker = brokerName(session)
    events.onTarget(target.label, `${broker ?? 'a broker that does not tell its name'}; CPU: ${session.cpuSource}`)
    if (session.probe === null && target.kind === 'broker')
      events.onWarning(`the CPU of ${target.label} is not sampled: ${session.cpuSource}`)
    campaign.targets.push(targetResult(target, session, []))
    storeTargets(campaign)
    const fault = await proveEnds(campaign, session, cells)
    if (fault !== null) {
      await giveUpTarget(campaign, target, cells, fault)
      return
    }
    await warmBroker(campaign, session, cells)
    for (const cell of cells) {
      if (campaign.signal.aborted) break
      await measureAndStore(campaign, session, cell)
    }
  } finally {
    await session.end()
  }
}

/** Why the ends of a target cannot be used together; null where they can, or do not differ. */
async function proveEnds(
  campaign: Campaign,
  session: TargetSession,
  cells: readonly Cell[],
): Promise<DriverError | null> {
  const pilot = pilotOf(cells[0])
  if (pilot === null) return null
  const { result, remains } = await runCell(pilot, await contextOf(campaign, session, pilot, () => undefined))
  noteRemains(campaign, session.target, remains)
  const fault = campaign.signal.aborted ? null : faultOfPilot(pilot, result, session.identity.product)
  return fault === null ? null : new DriverError('unsupported', fault)
}

/** Unmeasured load in the shape of the first cell: a fresh JVM is up to five times slower for its first 20 to 30 s. */
async function warmBroker(campaign: Campaign, session: TargetSession, cells: readonly Cell[]): Promise<void> {
  const [first] = cells
  if (first === undefined || first.phases.brokerWarmupSeconds === 0) return
  const seconds = first.phases.brokerWarmupSeconds
  campaign.events.onBrokerWarmup(session.target.label, seconds)
  const phases = { ...first.phases, warmupSeconds: seconds, measureSeconds: 0, messagesPerProducer: null }
  const context = await contextOf(campaign, session, first, () => undefined)
  const { remains } = await runCell({ ...first, phases }, context)
  noteRemains(campaign, session.target, remains)
}

async function measureAndStore(campaign: Campaign, session: TargetSession, cell: Cell): Promise<void> {
  const { events, plan } = campaign
  const context = await contextOf(campaign, session, cell, (interval) => events.onInterval(cell, interval))
  events.onCellStart(cell, context.order, plan.cellsTotal)
  const { result, latencies, startedAtMs, remains } = await runCell(cell, context)
  const histograms =
    latencies === null
      ? null
      : histogramLogOf(latencies, startedAtMs, cell.phases.warmupSeconds, result.measureSeconds ?? 0)
  const stored = campaign.folder.writeCell(redactCell(result, secretsOf(plan.targets)), histograms)
  noteRemains(campaign, session.target, remains)
  events.onCellEnd(cell, stored)
}

async function contextOf(
  campaign: Campaign,
  session: TargetSession,
  cell: Cell,
  onInterval: CellContext['onInterval'],
): Promise<CellContext> {
  const { threads, epochNs, signal } = campaign
  const { content } = cell.payload
  return {
    ...(await placeOf(campaign, cell)),
    session,
    threads,
    epochNs,
    clock: clockSince(epochNs),
    payloadFile: content.kind === 'file' ? readFileSync(content.path) : null,
    traceUs:
      cell.load.model === 'open' && cell.load.arrivals.kind === 'trace' ? readTrace(cell.load.arrivals.path) : null,
    signal,
    onInterval,
  }
}

async function placeOf({ plan }: Campaign, cell: Cell): Promise<CellPlace> {
  const driver = await driverOf(cell.protocol, cell.client)
  const { consumer } = cell
  const threadCount = Math.min(plan.threads, Math.max(cell.crew.producers, cell.crew.consumers))
  return {
    driver,
    consumerDriver: consumer === null ? driver : await driverOf(consumer.protocol, consumer.client),
    threadCount,
    floor: findFloor(cell, plan.targets, plan.floors, threadCount),
    order: plan.cellsTotal - plan.cells.length + plan.cells.indexOf(cell) + 1,
  }
}

/** The target cannot be used at all: its cells say so, and the campaign goes on to the next target. */
async function giveUpTarget(
  campaign: Campaign,
  target: Target,
  cells: readonly Cell[],
  error: DriverError,
): Promise<void> {
  const { plan, folder } = campaign
  const sentence = redact(error.message, secretsOf(plan.targets))
  if (!campaign.unusable.some((entry) => entry.target === target.label)) {
    campaign.unusable.push({ target: target.label, sentence })
  }
  const nobody = { identity: { product: null, version: null }, cpuSource: 'the target could not be used' }
  if (!campaign.targets.some((entry) => entry.target === target.label))
    campaign.targets.push(targetResult(target, nobody, []))
  for (const cell of cells) {
    const place = await placeOf(campaign, cell)
    const result: CellResult = emptyCell(cell, place, Date.now(), new DriverError(error.code, sentence))
    folder.writeCell(result, null)
  }
}

function noteRemains(campaign: Campaign, target: Target, remains: readonly string[]): void {
  // What was on the broker inside went with its process.
  if (remains.length === 0 || target.kind !== 'broker') return
  const at = campaign.targets.findIndex((entry) => entry.target === target.label)
  const entry = campaign.targets[at]
  if (entry !== undefined) campaign.targets[at] = { ...entry, remains: [...entry.remains, ...remains] }
}

function targetResult(
  target: Target,
  session: Pick<TargetSession, 'identity' | 'cpuSource'>,
  remains: readonly string[],
): TargetResult {
  return {
    target: target.label,
    protocol: protocolOf(target),
    broker: brokerName(session),
    embedded: target.kind !== 'broker',
    cpuSource: session.cpuSource,
    remains: [...remains],
  }
}

function brokerName({ identity }: Pick<TargetSession, 'identity'>): string | null {
  if (identity.product === null) return null
  return identity.version === null ? identity.product : `${identity.product} ${identity.version}`
}

/** On disk as soon as it is known, so that a killed run still says which broker it was made on. */
function storeTargets({ folder, plan, targets, known }: Campaign): void {
  folder.updateHeader({ targets: mergeTargets(plan, targets, known) })
}

/** Targets in the order of the plan; those that a resumed run did not touch again keep what was known. */
function mergeTargets(
  plan: CampaignPlan,
  found: readonly TargetResult[],
  known: readonly TargetResult[],
): TargetResult[] {
  return plan.targets.map(
    (target) =>
      found.find((entry) => entry.target === target.label) ??
      known.find((entry) => entry.target === target.label) ?? {
        target: target.label,
        protocol: protocolOf(target),
        broker: null,
        embedded: target.kind !== 'broker',
        cpuSource: 'not reached in this run',
        remains: [],
      },
  )
}

async function headerOf(plan: CampaignPlan): Promise<RunHeader> {
  const environment = await captureEnvironment(plan.resultsFolder)
  const isOnlyEmbedded = plan.targets.every((target) => target.kind !== 'broker')
  return {
    schemaVersion: SCHEMA_VERSION,
    runId: plan.runId,
    title: plan.workload.name,
    createdAt: new Date().toISOString(),
    tool: { name: 'brokermark', version: plan.toolVersion, commit: toolCommit() },
    environment,
    workload: JSON.parse(JSON.stringify(plan.workload)) as RunHeader['workload'],
    targets: mergeTargets(plan, [], []),
    source: null,
    cautions: isOnlyEmbedded ? ['Made on the broker inside brokermark: it measures the harness, not a product.'] : [],
  }
}

function plannedOf(plan: CampaignPlan): { readonly cellIds: readonly string[]; readonly plan: RunHeader['workload'] } {
  return {
    cellIds: plan.cells.map((cell) => cell.id),
    plan: JSON.parse(JSON.stringify({ workload: plan.workload })) as RunHeader['workload'],
  }
}
