/** `brokermark run`: plan, look before leaping, measure, show. */
import type { CampaignOutcome, CampaignPlan } from '../run/campaign.ts'
import { systemReason } from '../result/system-reason.ts'
import { answeringCells } from '../run/answering-cells.ts'
import { readTrace } from '../run/read-trace.ts'
import { redact, secretsOf } from '../run/redact.ts'
import { UsageError, type Problem } from '../workload/problem.ts'
import { addFloors } from './add-floors.ts'
import { addHistory } from './add-history.ts'
import type { CliContext } from './context.ts'
import { exitCodeOfCampaign } from './exit-code-of.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { coreCount, openFilesMax, proveWritable, readError } from './host-limits.ts'
import { runFaultProblems } from './fault-problems.ts'
import { makePlan } from './make-plan.ts'
import { campaignText, planText } from './plan-text.ts'
import { checkDrivers, fileLimitProblems, threadNotes } from './preflight.ts'
import { openProgress } from './progress.ts'
import { resumePlan } from './resume-plan.ts'
import type { RunFlags } from './run-flags.ts'
import { printReport } from './show-report.ts'

/**
 * @param file path of a workload, or the name of one that ships; undefined for the quick form.
 * @returns the exit code; @throws UsageError, StoreError, DriverError.
 */
export async function run(file: string | undefined, flags: RunFlags, context: CliContext): Promise<ExitCode> {
  const made =
    flags.resume === undefined ? makePlan(file, flags, context) : resumePlan(flags.resume, file, flags, context)
  const { plan, notes: expected } = addHistory(made.plan)
  const notes = [...made.notes, ...(await preflight(plan)), ...expected]
  for (const note of notes) context.stderr.write(`note: ${note}\n`)
  if (flags.dryRun === true) {
    context.stdout.write(planText(plan))
    return EXIT.fine
  }
  proveWritable(plan.resultsFolder)
  const signal = context.interruptSignal()
  const asked = await ask(plan, context, signal)
  const floored = made.floorWanted && !signal.aborted ? await addFloors(asked, flags, context, signal) : asked
  const cells = answeringCells(asked)
  if (flags.quiet !== true && cells.length > 0 && !signal.aborted) {
    const cellsTotal = plan.cellsTotal - plan.cells.length + cells.length
    context.stderr.write(`${campaignText({ ...plan, cells, cellsTotal }, new Date())}\n`)
  }
  const outcome = await measure(floored, flags, context, signal)
  await show(outcome, flags, context)
  return exitCodeOfCampaign(outcome)
}

/** @returns notes. @throws UsageError with all that would make the run fail. */
async function preflight(plan: CampaignPlan): Promise<readonly string[]> {
  const drivers = await checkDrivers(plan.cells, plan.targets)
  const problems = [
    ...drivers.problems,
    ...plan.targets.flatMap(runFaultProblems),
    ...fileLimitProblems(plan.cells, openFilesMax()),
    ...payloadProblems(plan),
    ...traceProblems(plan),
  ]
  if (problems.length > 0) throw new UsageError(problems)
  return [...drivers.notes, ...threadNotes(plan.threads, coreCount())]
}

function payloadProblems(plan: CampaignPlan): readonly Problem[] {
  const contents = plan.workload.variants.map((variant) => variant.payload.content)
  const paths = new Set(contents.flatMap((content) => (content.kind === 'file' ? [content.path] : [])))
  return [...paths].flatMap((path) => {
    const cause = readError(path)
    return cause === null ? [] : [{ path: 'payload.content', text: `cannot read ${path}: ${systemReason(cause)}` }]
  })
}

function traceProblems({ workload }: CampaignPlan): readonly Problem[] {
  const arrivals = workload.variants.flatMap(({ load }) => (load.model === 'open' ? [load.arrivals] : []))
  const paths = new Set(arrivals.flatMap((one) => (one.kind === 'trace' ? [one.path] : [])))
  return [...paths].flatMap((path) => {
    try {
      readTrace(path)
      return []
    } catch (error) {
      if (error instanceof UsageError) return error.problems
      throw error
    }
  })
}

/** The plan with what is known of its targets; one that does not answer is told at once where others are measured. */
async function ask(plan: CampaignPlan, { stderr }: CliContext, signal: AbortSignal): Promise<CampaignPlan> {
  // Loaded only here, as the engine is.
  const { askTargets } = await import('../run/ask-targets.ts')
  const asked = { ...plan, unusable: await askTargets(plan, signal) }
  if (signal.aborted || answeringCells(asked).length === 0) return asked
  const secrets = secretsOf(plan.targets)
  for (const [target, { message }] of asked.unusable)
    stderr.write(`warning: the cells of ${target} fail: ${redact(message, secrets)}\n`)
  return asked
}

async function measure(
  plan: CampaignPlan,
  flags: RunFlags,
  context: CliContext,
  signal: AbortSignal,
): Promise<CampaignOutcome> {
  // Loaded only here: `--help` and `--dry-run` need no engine.
  const { runCampaign } = await import('../run/run-campaign.ts')
  const progress = openProgress(context.stderr, { cells: answeringCells(plan) }, flags.quiet === true)
  try {
    return await runCampaign(plan, progress.events, signal)
  } finally {
    progress.close()
  }
}

async function show(outcome: CampaignOutcome, flags: RunFlags, context: CliContext): Promise<void> {
  for (const { target, sentence } of outcome.unusableTargets) {
    const where = sentence.includes(target) ? '' : `${target}  `
    context.stderr.write(`brokermark: ${where}${sentence}\n`)
  }
  const report = { result: outcome.result, path: outcome.folder, folder: outcome.folder, against: null }
  await printReport(report, flags, context)
  if (!outcome.interrupted) return
  const { runId } = outcome.result
  const elsewhere = flags.results === './results' ? '' : ` --results ${flags.results}`
  context.stderr.write(`interrupted; go on with: brokermark run --resume ${runId}${elsewhere}\n`)
}
