import { UsageError } from '../../workload/problem.ts'
import type { Problem } from '../../workload/problem.ts'
import { FAULT_SWITCHES, readFaultConfig, unknownSwitches } from './fault-config.ts'
import type { FaultConfig } from './fault-config.ts'

/** What an embedded broker is started with. Plain data: it crosses to the broker's process. */
export interface EmbeddedSettings {
  /** null: does nothing wrong, and pays nothing for the model. */
  readonly faults: FaultConfig | null
  /** CONNECT must bring both, where they are set. */
  readonly username: string | null
  readonly password: string | null
  /** Paths of PEM files: the listeners then speak TLS. */
  readonly tlsCertificate: string | null
  readonly tlsKey: string | null
  /** Path of a PEM file: clients must then show a certificate of this authority. */
  readonly tlsClientCa: string | null
  /** Messages of so many megabytes (10^6 bytes) are kept before publishers are held back. Default 256. */
  readonly memoryMegabytes: number
}

/** Switches that are no faults. */
export const SETTING_SWITCHES = [
  'username',
  'password',
  'tlsCertificate',
  'tlsKey',
  'tlsClientCa',
  'memoryMegabytes',
] as const

const MEMORY_MEGABYTES = 256

/**
 * @param switches the query of an `embedded:` target: FAULT_SWITCHES and SETTING_SWITCHES.
 * @throws UsageError with every problem at once.
 */
export function parseEmbeddedSettings(switches: Readonly<Record<string, string>>): EmbeddedSettings {
  const problems: Problem[] = unknownSwitches(switches, [...FAULT_SWITCHES, ...SETTING_SWITCHES])
  const faults = readFaultConfig(switches, problems)
  const memoryMegabytes = Number(switches['memoryMegabytes'] ?? MEMORY_MEGABYTES)
  if (!(memoryMegabytes > 0) || memoryMegabytes === Infinity) {
    problems.push({ path: 'memoryMegabytes', text: `"${switches['memoryMegabytes'] ?? ''}" is not a number above 0` })
  }
  needsBoth(switches, 'username', 'password', problems)
  needsBoth(switches, 'tlsCertificate', 'tlsKey', problems)
  if ('tlsClientCa' in switches && !('tlsCertificate' in switches)) {
    problems.push({ path: 'tlsClientCa', text: 'says nothing without tlsCertificate' })
  }
  if (problems.length > 0) throw new UsageError(problems)
  return {
    faults: FAULT_SWITCHES.some((name) => name in switches) ? faults : null,
    username: switches['username'] ?? null,
    password: switches['password'] ?? null,
    tlsCertificate: switches['tlsCertificate'] ?? null,
    tlsKey: switches['tlsKey'] ?? null,
    tlsClientCa: switches['tlsClientCa'] ?? null,
    memoryMegabytes,
  }
}

function needsBoth(
  switches: Readonly<Record<string, string>>,
  first: string,
  second: string,
  problems: Problem[],
): void {
  if (first in switches !== second in switches) {
    const [given, missing] = first in switches ? [first, second] : [second, first]
    problems.push({ path: given, text: `says nothing without ${missing}` })
  }
}
