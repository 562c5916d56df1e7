/**
 * One repetition of a campaign: what it is told, and what it says while it runs. Plain data throughout, because where a
 * campaign has several repetitions each has a process of its own (method.md R3.3).
 */
import type { ClockProof } from '../measure/clock-offset.ts'
import type { CellResult, Interval, TargetResult } from '../result/result.ts'
import type { Cell } from '../workload/cell.ts'
import type { CampaignPlan } from './campaign.ts'

/** What of the campaign's plan a repetition needs. */
export interface RepetitionPlan extends Pick<
  CampaignPlan,
  'targets' | 'threads' | 'brokerPid' | 'brokerCgroup' | 'floors'
> {
  /** All of one repetition, in the order of running. */
  readonly cells: readonly [Cell, ...Cell[]]
  /** Order number of the first of `cells` in the campaign. */
  readonly orderFrom: number
}

/** What is found out and what happens, as it happens; a target is named by its label. */
export type RepetitionReport =
  | { readonly kind: 'clocks'; readonly proof: ClockProof }
  /** The client is run against the broker inside before it touches any other. `client` is `stomp by wire`. */
  | { readonly kind: 'client-warm-up'; readonly client: string; readonly seconds: number }
  | { readonly kind: 'target'; readonly found: TargetResult; readonly sentence: string }
  | { readonly kind: 'unusable-target'; readonly target: string; readonly sentence: string }
  | { readonly kind: 'broker-warm-up'; readonly target: string; readonly seconds: number }
  /** Destinations that the broker is about to be told of; `removed` follows, unless the process dies in between. */
  | { readonly kind: 'declaring'; readonly target: string; readonly destinations: readonly string[] }
  | { readonly kind: 'removed'; readonly target: string; readonly remains: readonly string[] }
  | { readonly kind: 'cell-start'; readonly cellId: string; readonly order: number }
  | { readonly kind: 'interval'; readonly cellId: string; readonly interval: Interval }
  | { readonly kind: 'warning'; readonly sentence: string }

/** A cell that has come to its end, of whatever kind. */
export interface FinishedCell {
  readonly result: CellResult
  /** Text of its `.hlog`; null where nothing was measured. */
  readonly histograms: string | null
}

/** Who listens to a repetition: the campaign that stores it, or the process in between. */
export interface RepetitionEvents {
  /** @throws StoreError */
  tell(report: RepetitionReport): void
  /** Resolves when the cell is on disk; the next one starts only then. Rejects with StoreError. */
  store(cell: FinishedCell): Promise<void>
}

/** Signature of `runRepetition`, which runs here, and of `runInOwnProcess`. Rejects with StoreError, or for a bug. */
export type RunRepetition = (plan: RepetitionPlan, events: RepetitionEvents, signal: AbortSignal) => Promise<void>
