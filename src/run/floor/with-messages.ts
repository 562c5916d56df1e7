import type { CellResult } from '../../result/result.ts'

/** A host that stands still so often is not one to measure a floor on. */
const ATTEMPTS = 3

/**
 * Measures a cell of a floor, and once more where no message was counted: its window is short, and a host that stands still
 * for a second swallows it whole.
 * @returns the first result with a message, or with another reason than that for having none; else that of the last of
 * three attempts.
 */
export async function withMessages(measure: () => Promise<CellResult>): Promise<CellResult> {
  for (let attempt = 1; ; attempt++) {
    const result = await measure()
    const isSilent = result.verdict.reasons.some(({ code }) => code === 'no-messages')
    if (!isSilent || attempt === ATTEMPTS) return result
  }
}
