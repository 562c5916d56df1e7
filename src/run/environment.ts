/**
 * Where a run was made (method.md R7.1), as far as a host shows it without root: facts by name, units in the names.
 * What only Linux shows is null elsewhere. Neither host name, user, command lines nor environment variables are among
 * them, so that a result can be shown to anybody (R7.2); of options only names that are known, and numbers, are kept.
 */
import { clientFacts } from './environment-client.ts'
import { cpuFacts } from './environment-cpu.ts'
import { kernelFacts } from './environment-kernel.ts'
import { platformFacts } from './environment-platform.ts'
import { storageFacts } from './environment-storage.ts'

export { clockFacts } from './environment-clock.ts'

export type Fact = string | number | boolean | null
export type Environment = Record<string, Fact>

/**
 * Takes the fingerprint of this host and this client, in some tens of milliseconds. Never rejects.
 * @param resultsFolder whose disk is described; need not exist yet.
 */
export async function captureEnvironment(resultsFolder: string): Promise<Environment> {
  return {
    ...cpuFacts(),
    ...kernelFacts(),
    ...platformFacts(),
    ...storageFacts(resultsFolder),
    ...(await clientFacts()),
  }
}
