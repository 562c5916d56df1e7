/** The written protocol between a campaign and the client process of one repetition, both directions. */
import type { Problem } from '../../workload/problem.ts'
import type { FinishedCell, RepetitionPlan, RepetitionReport } from '../repetition.ts'

export type ToRepetition =
  /** Once, first. Credentials go this way, never by arguments or environment. */
  | { readonly kind: 'run'; readonly plan: RepetitionPlan }
  /** The cell that was handed over last is on disk. */
  | { readonly kind: 'stored' }
  /** End in order: the user interrupts, or nothing more can be stored. */
  | { readonly kind: 'abort' }

export type FromRepetition =
  | { readonly kind: 'report'; readonly report: RepetitionReport }
  /** Answered by `stored`. */
  | { readonly kind: 'cell'; readonly cell: FinishedCell }
  /** All is done; the process exits. */
  | { readonly kind: 'ended' }
  /** A bug, or input that can no longer be read; the process exits. */
  | { readonly kind: 'threw'; readonly stack: string; readonly problems: readonly Problem[] | null }
