/** `run --resume RUNID`: the plan of an earlier attempt, with the cells that are still missing. */
import fs from 'node:fs'
import { join } from 'node:path'
import { parseRunFile, readCellFile, runPaths } from '../result/run-files.ts'
import type { RunFile } from '../result/run-header.ts'
import { checkRunId } from '../result/run-id.ts'
import { refuseFinal } from '../result/store.ts'
import { StoreError } from '../result/store-error.ts'
import { UsageError, type Problem } from '../workload/problem.ts'
import type { Cell } from '../workload/cell.ts'
import type { Workload } from '../workload/workload.ts'
import type { CliContext } from './context.ts'
import { gatherTargets } from './gather-targets.ts'
import { idleFlags } from './idle-flags.ts'
import { brokerProbeOf, cellsOf, collect, credentialSourceOf, threadsOf, type MadePlan } from './make-plan.ts'
import { readNamedRun } from './named-run.ts'
import { listed, planFault, toolOf, toolText } from './plan-version.ts'
import type { CampaignPlan } from '../run/campaign.ts'
import { keptPlanOf } from '../run/kept-plan.ts'
import { toolVersion } from '../run/tool-version.ts'
import { targetsOf, type RunFlags } from './run-flags.ts'

/**
 * The workload is the stored one. Targets are too, unless they are named again: a stored target has neither
 * credentials nor files of certificates, so those come from the environment, from flags or from `--target`.
 * @throws UsageError, also where there is no such run or nothing is missing of it.
 */
export function resumePlan(runId: string, file: string | undefined, flags: RunFlags, context: CliContext): MadePlan {
  const folder = join(flags.results, runId)
  const stored = readNamedRun(() => storedRun(runId, flags.results, folder))
  const kept = keptPlanOf(stored.planned)
  const problems: Problem[] = fixedBy(file, flags, kept.floor)
  const fault = planFault(stored.workload)
  if (fault !== null) throw otherVersion(stored, `its plan ${fault}`)
  // The run file is our own, and its plan has the keys that one of this version has.
  const workload = stored.workload as unknown as Workload
  const named = targetsOf(flags, problems)
  const urls = named.length > 0 ? named : workload.targets
  const gathered = collect(problems, () => gatherTargets(urls, credentialSourceOf(flags, context)))
  const broker = brokerProbeOf(flags, urls.length, problems)
  const idle = idleFlags(flags, gathered?.targets ?? [])
  problems.push(...idle.problems)
  const labels = gathered?.targets.map((target) => target.label) ?? workload.targets
  if (labels.join('\n') !== workload.targets.join('\n')) {
    problems.push({
      path: '--target',
      text: `name the targets of the run, in this order: ${workload.targets.join(', ')}`,
    })
  }
  if (problems.length > 0 || gathered === null) throw new UsageError(problems)

  const planned = new Set(stored.planned.cellIds)
  const all = cellsOf(workload, gathered.targets, kept.brokerWarmupGiven).filter((cell) => planned.has(cell.id))
  if (all.length !== planned.size) throw otherVersion(stored, 'it names cells otherwise than this version')
  const cells = readNamedRun(() => all.filter((cell) => !isDone(folder, cell)))
  const plan: CampaignPlan = {
    runId,
    resultsFolder: flags.results,
    workload,
    targets: gathered.targets,
    cells,
    cellsTotal: all.length,
    unusable: new Map(),
    threads: threadsOf(workload),
    ...broker,
    floors: null,
    brokerWarmupGiven: kept.brokerWarmupGiven,
    priorVariation: [],
    toolVersion: toolVersion(),
    resume: true,
  }
  return {
    plan,
    floorWanted: kept.floor ?? flags.floor !== false,
    notes: [
      `run ${runId}: ${all.length - cells.length} of ${all.length} cells are measured already`,
      ...gathered.notes,
      ...idle.notes,
    ],
  }
}

/** @throws StoreError, and UsageError for a run file of another version. */
function storedRun(runId: string, resultsFolder: string, folder: string): RunFile {
  checkRunId(runId)
  if (!fs.existsSync(runPaths.header(folder))) throw new StoreError(`there is no run ${runId} in ${resultsFolder}`)
  refuseFinal(folder)
  const { value, parsed } = parseRunFile(folder)
  if (parsed.kind === 'parsed') return parsed.value
  const [first] = parsed.problems
  if (first?.path === 'schemaVersion') throw new UsageError([{ path: '--resume', text: `run ${runId}: ${first.text}` }])
  const keys = listed([...new Set(parsed.problems.map(({ path }) => path))])
  throw otherVersion({ runId, tool: toolOf(value) }, `this version cannot read what its run.json has at ${keys}`)
}

/** @param why a clause that says what is different. */
function otherVersion({ runId, tool }: Pick<RunFile, 'runId' | 'tool'>, why: string): UsageError {
  const text = `run ${runId} was planned by ${toolText(tool)}, and ${why}: go on with that version, or start a new run`
  return new UsageError([{ path: '--resume', text }])
}

/**
 * A resumed run measures what it once set out to: everything that would change it is refused.
 * @param floor whether the run has floors; null where that is not known.
 */
function fixedBy(file: string | undefined, flags: RunFlags, floor: boolean | null): Problem[] {
  const changing = {
    '-x': flags.producers,
    '-y': flags.consumers,
    '-s': flags.size,
    '-r': flags.rate,
    '-c': flags.inFlight,
    '-q': flags.prefetch,
    '-z': flags.time,
    '-C': flags.messages,
    '--profile': flags.profile,
    '--client': flags.client,
    '--threads': flags.threads,
    '--name': flags.name,
    '--set': flags.set[0],
    '--no-floor': floor === true && flags.floor === false ? true : undefined,
    workload: file,
  }
  return Object.entries(changing)
    .filter(([, value]) => value !== undefined)
    .map(([path]) => ({ path, text: 'a resumed run keeps its workload: leave this out, or start a new run' }))
}

function isDone(folder: string, cell: Cell): boolean {
  const stored = readCellFile(folder, cell.id)
  return stored !== null && stored.verdict.kind !== 'interrupted'
}
