/** What a campaign's outcome means for the exit code (design.md section 6). Pure. */
import type { CampaignOutcome } from '../run/campaign.ts'
import type { CellResult, Result } from '../result/result.ts'
import { EXIT, worstExitCode, type ExitCode } from './exit-codes.ts'

/** Reasons that say that messages were lost, doubled or damaged beyond what was promised. */
const INTEGRITY_REASONS: ReadonlySet<string> = new Set([
  'lossy',
  'duplicated',
  'aborted',
  'late',
  'corrupt',
  'unexpected',
])

/** Reasons that say that the generator broke, and not the broker. */
const OWN_FAULTS: ReadonlySet<string> = new Set(['client-process-died', 'worker-died', 'worker-hung'])

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
      return cell.verdict.reasons.some((reason) => OWN_FAULTS.has(reason.code)) ? EXIT.bug : EXIT.brokerUnusable
    case 'invalid':
      // A duplicate under at-least-once is a reason to read, in a valid cell; only a broken promise makes it invalid.
      return cell.verdict.reasons.some((reason) => INTEGRITY_REASONS.has(reason.code))
        ? EXIT.integrityViolated
        : EXIT.invalidMeasurement
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
