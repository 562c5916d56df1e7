/** From flags and a workload file to what `runCampaign` is given; every problem of all of them at once. */
import { clientsOf } from '../driver/registry.ts'
import type { CampaignPlan } from '../run/campaign.ts'
import { newRunId } from '../result/run-id.ts'
import { DEFAULTS } from '../workload/defaults.ts'
import { expand } from '../workload/expand.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { UsageError, type Problem } from '../workload/problem.ts'
import { profileCautions } from '../workload/profile-problems.ts'
import type { Target } from '../workload/target.ts'
import type { Workload } from '../workload/workload.ts'
import type { CliContext } from './context.ts'
import { gatherTargets, type CredentialSource, type GatheredTargets } from './gather-targets.ts'
import { coreCount } from './host-limits.ts'
import { idleFlags } from './idle-flags.ts'
import { toolVersion } from '../run/tool-version.ts'
import { brokerPidOf, overridesOfRun, targetsOf, type RunFlags } from './run-flags.ts'
import { readWorkloadFile } from './workload-file.ts'

export interface MadePlan {
  readonly plan: CampaignPlan
  /** False: the floor is not to be measured, by `--no-floor` now or when the run began. */
  readonly floorWanted: boolean
  /** Sentences for stderr before the run. */
  readonly notes: readonly string[]
}

/** A new run. @throws UsageError with everything that is wrong. */
export function makePlan(file: string | undefined, flags: RunFlags, context: CliContext): MadePlan {
  const problems: Problem[] = []
  const source = file === undefined ? null : readWorkloadFile(file)
  const given = overridesOfRun(flags)
  problems.push(...given.problems)
  const parsed = parseWorkload({
    text: source?.text ?? null,
    fallbackName: source?.name ?? DEFAULTS.quickFormName,
    overrides: given.overrides,
  })
  if (parsed.kind === 'problems') problems.push(...parsed.problems)
  const fileUrls = parsed.kind === 'workload' ? parsed.targetUrls : []
  const urls = [targetsOf(flags, problems), fileUrls, ['embedded:']].find((list) => list.length > 0) ?? []
  const gathered = collect(problems, () => gatherTargets(urls, credentialSourceOf(flags, context)))
  const broker = brokerProbeOf(flags, urls.length, problems)
  const idle = idleFlags(flags, gathered?.targets ?? [])
  problems.push(...idle.problems)
  if (problems.length > 0 || parsed.kind === 'problems' || gathered === null) throw new UsageError(problems)
  const workload = { ...parsed.workload, targets: gathered.targets.map((target) => target.label) }
  const cells = cellsOf(workload, gathered.targets, parsed.brokerWarmupGiven)
  const plan: CampaignPlan = {
    runId: newRunId(new Date().toISOString(), workload.name, Math.random()),
    resultsFolder: flags.results,
    workload,
    targets: gathered.targets,
    cells,
    cellsTotal: cells.length,
    unusable: new Map(),
    threads: threadsOf(workload),
    ...broker,
    floors: null,
    brokerWarmupGiven: parsed.brokerWarmupGiven,
    priorVariation: [],
    toolVersion: toolVersion(),
    resume: false,
  }
  const notes = [...parsed.cautions, ...given.notes, ...profileCautions(cells), ...gathered.notes, ...idle.notes]
  return { plan, floorWanted: flags.floor !== false, notes }
}

/** Cells with the clients that are built; a protocol without any is refused by the preflight. */
export function cellsOf(
  workload: Workload,
  targets: readonly Target[],
  brokerWarmupGiven: boolean,
): CampaignPlan['cells'] {
  return expand(workload, targets, {
    defaultClient: (protocol) => clientsOf(protocol)[0] ?? 'wire',
    brokerWarmupGiven,
  })
}

/** Cores - 1 and at least 1, unless the workload or `--threads` says otherwise. */
export function threadsOf(workload: Workload): number {
  return workload.threads ?? Math.max(1, coreCount() - 1)
}

/** Where credentials come from, besides the URLs. */
export function credentialSourceOf(flags: RunFlags, context: CliContext): CredentialSource {
  return { user: flags.user, passwordFile: flags.passwordFile, environment: context.environment }
}

/** `--broker-pid` and `--broker-cgroup` name one broker, so they need exactly one target. */
export function brokerProbeOf(
  flags: RunFlags,
  targetCount: number,
  problems: Problem[],
): Pick<CampaignPlan, 'brokerPid' | 'brokerCgroup'> {
  const pid = brokerPidOf(flags.brokerPid)
  if (typeof pid === 'object' && pid !== null) problems.push(pid)
  for (const flag of ['brokerPid', 'brokerCgroup'] as const) {
    if (flags[flag] === undefined || targetCount <= 1) continue
    const path = flag === 'brokerPid' ? '--broker-pid' : '--broker-cgroup'
    problems.push({ path, text: `names one broker, and there are ${targetCount} targets: run them one by one` })
  }
  return { brokerPid: typeof pid === 'number' ? pid : null, brokerCgroup: flags.brokerCgroup ?? null }
}

/** Runs `gather`, its problems put with the others. */
export function collect(problems: Problem[], gather: () => GatheredTargets): GatheredTargets | null {
  try {
    return gather()
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    problems.push(...thrown.problems)
    return null
  }
}
