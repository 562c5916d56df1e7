/** Exit codes of every command (design.md section 6). Where several apply, the worst wins: see `worstExitCode`. */
export const EXIT = {
  fine: 0,
  regressed: 1,
  inconclusive: 2,
  invalidMeasurement: 3,
  integrityViolated: 4,
  sloFailed: 5,
  usage: 64,
  brokerUnusable: 69,
  bug: 70,
  cannotWriteResults: 73,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Worst first. `usage` stands alone: it is decided before anything else can happen. */
const WORST_FIRST: readonly ExitCode[] = [130, 64, 70, 73, 69, 4, 3, 1, 5, 2, 0]

/** The code that a process with all these outcomes ends with; 0 for none. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.fine
}
