/** The switches in a built-in target's query, checked before anything is started. */
import { parseFaultConfig } from '../broker/embedded/fault-config.ts'
import { UsageError, type Problem } from '../workload/problem.ts'
import type { Target } from '../workload/target.ts'

/** Every switch that is unknown or ill-formed, with the target's label in its path. */
export function faultProblems(target: Target): readonly Problem[] {
  if (target.kind === 'broker') return []
  if (target.kind === 'loopback') {
    return Object.keys(target.faults).map((name) => ({
      path: target.label,
      text: `${name}: loopback has no switches, the embedded broker has: write embedded:?${name}=...`,
    }))
  }
  try {
    parseFaultConfig(target.faults)
    return []
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    return thrown.problems.map(({ path, text }) => ({ path: target.label, text: `${path}: ${text}` }))
  }
}
