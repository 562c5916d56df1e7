/** What a campaign's outcome means for the exit code (design.md section 6). Pure. */
import type { CampaignOutcome } from '../run/campaign.ts'
import { GENERATOR_SHORTFALLS } from '../result/generator-shortfalls.ts'
import type { CellResult, Result } from '../result/result.ts'
import { EXIT, worstExitCode, type ExitCode } from './exit-codes.ts'

/** What a guarantee may forbid. */
const PROMISED: ReadonlySet<string> = new Set(['lossy', 'duplicated', 'aborted', 'late'])
/** What none allows. */
const NEVER_ALLOWED: ReadonlySet<string> = new Set(['corrupt', 'unexpected'])

/** Reasons that say that the generator broke, and not the broker. */
const OWN_FAULTS: ReadonlySet<string> = new Set(['client-process-died', 'worker-died', 'worker-hung'])

/** Reasons by which nothing can have been counted without the broker being to blame. */
const SHORTFALLS: ReadonlySet<string> = new Set([...GENERATOR_SHORTFALLS, 'generator-bound'])

export function exitCodeOfCampaign(outcome: CampaignOutcome): ExitCode {
  return worstExitCode([
    ...(outcome.interrupted ? [EXIT.interrupted] : []),
    ...(outcome.unusableTargets.length > 0 ? [EXIT.brokerUnusable] : []),
    exitCodeOfResult(outcome.result),
  ])
}

/** The worst of all cells. */
export function exitCodeOfResult(result: Pick<Result, 'cells'>): ExitCode {
  return worstExitCode(result.cells.map(exitCodeOfCell))
}

function exitCodeOfCell(cell: CellResult): ExitCode {
  switch (cell.verdict.kind) {
    case 'failed':
      return exitCodeOfFailed(cell)
    case 'invalid':
      return isIntegrityViolated(cell) ? EXIT.integrityViolated : EXIT.invalidMeasurement
    case 'interrupted':
      return EXIT.interrupted
    case 'unsustainable':
    case 'not-steady':
    case 'indeterminate':
      return EXIT.invalidMeasurement
    case 'valid':
    case 'published':
      return EXIT.fine
  }
}

/** By who was at fault, as far as the cell tells: a thread or process that broke, a generator that fell short, the broker. */
function exitCodeOfFailed({ verdict, throughput, axes }: CellResult): ExitCode {
  const codes = verdict.reasons.map(({ code }) => code)
  if (codes.some((code) => OWN_FAULTS.has(code))) return EXIT.bug
  if (codes.some((code) => code.startsWith('broker-')) || !codes.includes('no-messages')) return EXIT.brokerUnusable
  // An open model in whose measured time nothing came due asked nothing of the broker.
  const isNothingDue = throughput?.offeredPerSecond === 0 && axes['producers'] !== 0
  const isOwn = isNothingDue || codes.some((code) => SHORTFALLS.has(code))
  return isOwn ? EXIT.invalidMeasurement : EXIT.brokerUnusable
}

/** A duplicate under at-least-once is a remark, also in a cell that something else makes invalid. */
function isIntegrityViolated({ verdict, integrity }: CellResult): boolean {
  // Results of earlier versions do not say whether the guarantee was kept.
  const isKept = integrity?.guarantee?.kept ?? false
  return verdict.reasons.some(({ code }) => NEVER_ALLOWED.has(code) || (!isKept && PROMISED.has(code)))
}
