/** The flags of `run`, and how they become overrides of the workload. */
import { overridesOf } from '../workload/quick-form.ts'
import { parseSetting, type Override } from '../workload/override.ts'
import type { Problem } from '../workload/problem.ts'
import { targetOfEnds } from '../workload/target-ends.ts'

/** As commander gives them: texts, unless they are switches. */
export interface RunFlags {
  readonly target: readonly string[]
  readonly producerTarget?: string
  readonly consumerTarget?: string
  readonly set: readonly string[]
  readonly producers?: string
  readonly consumers?: string
  readonly size?: string
  readonly rate?: string
  readonly inFlight?: string
  readonly prefetch?: string
  readonly time?: string
  readonly messages?: string
  readonly profile?: string
  readonly client?: string
  readonly threads?: string
  readonly name?: string
  readonly user?: string
  readonly passwordFile?: string
  readonly results: string
  readonly resume?: string
  readonly brokerPid?: string
  readonly brokerCgroup?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly dryRun?: boolean
  /** False: `--no-floor`. */
  readonly floor?: boolean
}

export interface RunOverrides {
  readonly overrides: readonly Override[]
  readonly problems: readonly Problem[]
  readonly notes: readonly string[]
}

/** Later ones win: the short flags, then `--profile`, `--client`, `--threads` and `--name`, then `--set`. */
export function overridesOfRun(flags: RunFlags): RunOverrides {
  const quick = overridesOf({
    x: flags.producers,
    y: flags.consumers,
    s: flags.size,
    r: flags.rate,
    c: flags.inFlight,
    q: flags.prefetch,
    z: flags.time,
    C: flags.messages,
  })
  const settings = flags.set.map(parseSetting)
  const named: Override[] = []
  if (flags.profile !== undefined) named.push({ path: 'profile', at: '--profile', value: flags.profile })
  if (flags.client !== undefined) named.push({ path: 'client', at: '--client', value: listOf(flags.client) })
  if (flags.threads !== undefined) named.push({ path: 'threads', at: '--threads', value: wholeOrText(flags.threads) })
  if (flags.name !== undefined) named.push({ path: 'name', at: '--name', value: flags.name })
  return {
    overrides: [
      ...quick.overrides,
      ...named,
      ...settings.filter((setting): setting is Override => !('text' in setting)),
    ],
    problems: settings.filter((setting): setting is Problem => 'text' in setting),
    notes: quick.notes,
  }
}

/** The targets that flags name; empty: none. `--producer-target` and `--consumer-target` together are one more. */
export function targetsOf(flags: RunFlags, problems: Problem[]): readonly string[] {
  const { producerTarget, consumerTarget } = flags
  if (producerTarget === undefined && consumerTarget === undefined) return flags.target
  if (producerTarget === undefined || consumerTarget === undefined) {
    const [given, lacking] = producerTarget === undefined ? ['consumer', 'producer'] : ['producer', 'consumer']
    const text = `names one end of the broker, and --${lacking}-target the other: give both, or --target for one that both use`
    problems.push({ path: `--${given}-target`, text })
    return flags.target
  }
  return [...flags.target, targetOfEnds(producerTarget, consumerTarget)]
}

/** `--broker-pid`: a process id or a problem. */
export function brokerPidOf(written: string | undefined): number | null | Problem {
  if (written === undefined) return null
  const pid = wholeOrText(written)
  if (typeof pid === 'number' && pid > 0) return pid
  return { path: '--broker-pid', text: `got ${JSON.stringify(written)}, expected a process id` }
}

function listOf(written: string): unknown {
  const parts = written.split(',').map((part) => part.trim())
  return parts.length === 1 ? parts[0] : parts
}

function wholeOrText(written: string): number | string {
  return /^\d+$/.test(written) ? Number(written) : written
}
