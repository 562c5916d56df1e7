/** The profiles of a run: for each, how long it measures unless told otherwise, and what may be claimed of it (R3.2). Pure. */
import type { PhasePlan } from './workload.ts'

/** In the order of their length. */
export const PROFILES = ['smoke', 'standard', 'tail', 'soak'] as const

/**
 * `smoke`: does it work? Never a measurement. `standard`: a p99 that can be quoted. `tail`: a p99.9. `soak`: hours, the
 * first against the last.
 */
export type Profile = (typeof PROFILES)[number]

/** What a percentile is claimed from. */
export interface Claim {
  readonly percentile: 'p99' | 'p99.9'
  /** Measured messages of one cell: MLPerf's margin of a twentieth of 1 - p at 99 % confidence, rounded up. */
  readonly messages: number
}

export interface ProfileRules {
  /** Defaults in place of the usual ones; what the file or a flag says by name goes before them. */
  readonly phases: Partial<PhasePlan>
  /** A shorter measured time is refused; null: any will do. */
  readonly measureSecondsMin: number | null
  /** Warm-up and measured time together; null: no limit. */
  readonly cellSecondsMax: number | null
  /** Cells with fewer messages are flagged; null: nothing is claimed. */
  readonly claim: Claim | null
}

/** Shortest measured time that a percentile may be claimed from, seconds after the warm-up. */
const CLAIM_SECONDS_MIN = 60

const P99: Claim = { percentile: 'p99', messages: 270_000 }
const P999: Claim = { percentile: 'p99.9', messages: 2_700_000 }

/** Whoever claims something warms up the broker, repeats (R3.3) and draws the order of cells by lot (R3.7). */
const CLAIMING = {
  brokerWarmupSeconds: 20,
  warmupSeconds: 10,
  measureSeconds: CLAIM_SECONDS_MIN,
  repeats: 5,
  order: 'shuffled',
} as const satisfies Partial<PhasePlan>

export const PROFILE_RULES: { readonly [P in Profile]: ProfileRules } = {
  smoke: {
    phases: { brokerWarmupSeconds: 0, warmupSeconds: 5, measureSeconds: 25, repeats: 1, sentinel: 'off' },
    measureSecondsMin: null,
    cellSecondsMax: 30,
    claim: null,
  },
  standard: { phases: CLAIMING, measureSecondsMin: CLAIM_SECONDS_MIN, cellSecondsMax: null, claim: P99 },
  tail: {
    phases: { ...CLAIMING, measureMessagesMin: P999.messages },
    measureSecondsMin: CLAIM_SECONDS_MIN,
    cellSecondsMax: null,
    claim: P999,
  },
  soak: {
    // Each cell is compared with itself, so that none is measured three times to see whether the machine changed.
    phases: { brokerWarmupSeconds: 20, warmupSeconds: 60, measureSeconds: 2 * 3_600, repeats: 1, sentinel: 'off' },
    // May be shortened: then it compares its first quarter with its last.
    measureSecondsMin: null,
    cellSecondsMax: null,
    claim: null,
  },
}

/** What a profile sets in place of the usual defaults; nothing without one. */
export function phaseDefaultsOf(profile: Profile | null): Partial<PhasePlan> {
  return profile === null ? {} : PROFILE_RULES[profile].phases
}

/** What a percentile of a run of this profile is claimed from; null where nothing is claimed. */
export function claimOf(profile: Profile | null): Claim | null {
  return profile === null ? null : PROFILE_RULES[profile].claim
}
