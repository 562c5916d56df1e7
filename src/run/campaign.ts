/** What the command line hands to `runCampaign`, and what it hears while the campaign runs. */
import type { DriverError } from '../driver/driver-error.ts'
import type { Cell } from '../workload/cell.ts'
import type { Target } from '../workload/target.ts'
import type { Workload } from '../workload/workload.ts'
import type { FloorRecord } from './floor/floor-record.ts'
import type { CellResult, Interval, PriorVariation, Result } from '../result/result.ts'

export interface CampaignPlan {
  /** `20261121T101500Z-quick-3f2a`: also the name of the folder under the results folder. */
  readonly runId: string
  readonly resultsFolder: string
  readonly workload: Workload
  readonly targets: readonly Target[]
  /** In the order in which they are to be run; on resume only those that are missing. */
  readonly cells: readonly Cell[]
  /** All cells of the campaign, done ones included: for order numbers and progress. */
  readonly cellsTotal: number
  /** Targets that did not answer when they were asked, before all else, by label: their cells fail at once with this. */
  readonly unusable: ReadonlyMap<string, DriverError>
  readonly threads: number
  /** `--broker-pid`, `--broker-cgroup`; null = found by itself. They apply to the one target of the run. */
  readonly brokerPid: number | null
  readonly brokerCgroup: string | null
  /** What the clients cost on the embedded broker, as far as it is known; null: not to be measured (`--no-floor`). */
  readonly floors: readonly FloorRecord[] | null
  /** The user asked for a broker warm-up by name, so that the broker inside has it too. */
  readonly brokerWarmupGiven: boolean
  /** What earlier results say of the variation between runs; empty where there are none, or it is not asked for. */
  readonly priorVariation: readonly PriorVariation[]
  readonly toolVersion: string
  /** An earlier attempt at this run is continued: its folder exists. */
  readonly resume: boolean
}

/** Called on the main thread, never from a measuring one. Must not throw. */
export interface CampaignEvents {
  onTarget(target: string, sentence: string): void
  /** `client` is `stomp by wire`: it is run against the broker inside before it touches any other (R8.8). */
  onClientWarmup(client: string, seconds: number): void
  onBrokerWarmup(target: string, seconds: number): void
  onCellStart(cell: Cell, order: number, total: number): void
  /** About once a second; `phase` is in the interval. */
  onInterval(cell: Cell, interval: Interval): void
  onCellEnd(cell: Cell, result: CellResult): void
  /** Something the user should read that stops nothing: `the broker's CPU is not sampled: ...`. */
  onWarning(sentence: string): void
}

export interface CampaignOutcome {
  readonly result: Result
  /** The folder with result.json, cells/ and the .hlog files. */
  readonly folder: string
  /** Whether the campaign was ended by `signal`. */
  readonly interrupted: boolean
  /** Targets that could not be used at all, with one sentence each; their cells are in the result as `failed`. */
  readonly unusableTargets: readonly { readonly target: string; readonly sentence: string }[]
}

/** Signature of `runCampaign` in run-campaign.ts; rejects with StoreError when results cannot be written. */
export type RunCampaign = (plan: CampaignPlan, events: CampaignEvents, signal: AbortSignal) => Promise<CampaignOutcome>
