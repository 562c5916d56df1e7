import { assertNoSecrets } from '../result/assert-no-secrets.ts'
import type { CellResult } from '../result/result.ts'
import type { Target } from '../workload/target.ts'

/** Passwords and keys of the targets of a run: what must reach no file (method.md R7.2). */
export function secretsOf(targets: readonly Target[]): readonly string[] {
  return targets.flatMap((target) => {
    if (target.kind !== 'broker') return []
    const management = target.managementUrl === null ? '' : decodeURIComponent(new URL(target.managementUrl).password)
    const endpoints = [...target.endpoints, ...(target.consumerEnd?.endpoints ?? [])]
    return [...endpoints.flatMap(({ password, tls }) => [password ?? '', tls?.key ?? '']), management]
  })
}

/**
 * The cell with every secret taken out of its sentences. Brokers and libraries may repeat in an error what they were
 * given; refusing to store the cell would lose a measurement for it.
 */
export function redactCell(cell: CellResult, secrets: readonly string[]): CellResult {
  const reasons = cell.verdict.reasons.map((reason) => ({ ...reason, text: redact(reason.text, secrets) }))
  return { ...cell, verdict: { ...cell.verdict, reasons }, notes: cell.notes.map((note) => redact(note, secrets)) }
}

/** The sentence, or the same with the secrets replaced where it holds one. */
export function redact(sentence: string, secrets: readonly string[]): string {
  return secrets.reduce((text, secret) => (holds(text, secret) ? text.replaceAll(secret, '***') : text), sentence)
}

function holds(text: string, secret: string): boolean {
  try {
    assertNoSecrets(text, [secret])
    return false
  } catch {
    return true
  }
}
