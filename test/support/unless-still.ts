import type { CellResult } from '../../src/result/result.ts'

/** What a run of whole cells is made for at most, on a machine that stands still again and again. */
const RUNS_MAX = 4

/**
 * A run of cells in which something has to be seen arriving within a measured time so short that the machine itself is not
 * judged. Where it stood still for all of it, everything arrived and nothing in time: nothing was shown, and the run is
 * made anew. A product that loses a message, or never lets one come in time, is handed on as it is.
 */
export async function unlessStill<Run extends { readonly cells: readonly CellResult[] }>(
  run: () => Promise<Run>,
): Promise<Run> {
  for (let runs = 1; ; runs++) {
    const made = await run()
    if (runs === RUNS_MAX || !made.cells.some(isStill)) return made
  }
}

function isStill({ verdict, integrity }: CellResult): boolean {
  const isWhole = integrity !== null && integrity.confirmed > 0 && integrity.received === integrity.confirmed
  return isWhole && verdict.reasons.length === 1 && verdict.reasons[0]?.code === 'no-messages'
}
