/** The switches in a built-in target's query, checked before anything is started. */
import { parseEmbeddedSettings } from '../broker/embedded/embedded-settings.ts'
import { UsageError, type Problem } from '../workload/problem.ts'
import type { Target } from '../workload/target.ts'

/** Switches that make the embedded broker ask for what a run does not bring: for `brokermark broker`. */
const STANDALONE_SWITCHES: readonly string[] = ['username', 'password', 'tlsCertificate', 'tlsKey', 'tlsClientCa']

/** Switches that a run cannot use, and those that are unknown or ill-formed; the target's label is the path. */
export function runFaultProblems(target: Target): readonly Problem[] {
  const standalone = target.kind === 'embedded' ? Object.keys(target.faults).filter(isStandalone) : []
  return [
    ...faultProblems(target),
    ...standalone.map((name) => ({
      path: target.label,
      text: `${name}: start the broker with "brokermark broker embedded:?..." and name its URL as the target`,
    })),
  ]
}

function isStandalone(name: string): boolean {
  return STANDALONE_SWITCHES.includes(name)
}

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
    parseEmbeddedSettings(target.faults)
    return []
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    return thrown.problems.map(({ path, text }) => ({ path: target.label, text: `${path}: ${text}` }))
  }
}
