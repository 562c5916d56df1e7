/** Flags that would be taken and do nothing, held against the targets of the run. Pure. */
import type { Problem } from '../workload/problem.ts'
import type { Target } from '../workload/target.ts'
import { brokerPidOf, type RunFlags } from './run-flags.ts'

export interface IdleFlags {
  /** What would look as if it had been done. */
  readonly problems: readonly Problem[]
  /** What a script may pass whatever its target is, one sentence each. */
  readonly notes: readonly string[]
}

/** @param targets of the run; empty where one of them is wrong, which is said elsewhere. */
export function idleFlags(flags: RunFlags, targets: readonly Target[]): IdleFlags {
  const problems: Problem[] = []
  const notes: string[] = []
  const names = targets.map(({ label }) => label).join(', ')
  const hasNoBroker = targets.length > 0 && targets.every(({ kind }) => kind !== 'broker')
  // What is no process id is told already.
  const pid = typeof brokerPidOf(flags.brokerPid) === 'number' ? flags.brokerPid : undefined
  const ofBroker = { '--broker-pid': pid, '--broker-cgroup': flags.brokerCgroup }
  for (const [path, value] of Object.entries(ofBroker)) {
    if (value === undefined || !hasNoBroker) continue
    problems.push({ path, text: `names a broker's processes, and ${names} is none with an address: leave this out` })
  }
  if (flags.brokerPid !== undefined && flags.brokerCgroup !== undefined) {
    problems.push({
      path: '--broker-pid',
      text: 'and --broker-cgroup both say where to read one CPU: give one of them',
    })
  }
  if (flags.dryRun === true && flags.json === true) {
    problems.push({ path: '--json', text: 'prints a result, and --dry-run makes none: leave one of them out' })
  }
  const ofLogin = { '--user': flags.user, '--password-file': flags.passwordFile }
  for (const [path, value] of Object.entries(ofLogin)) {
    if (value !== undefined && hasNoBroker) notes.push(`${path} has no effect: nobody logs in at ${names} with it`)
  }
  return { problems, notes }
}
