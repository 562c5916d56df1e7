import type { ClockProof } from '../measure/clock-offset.ts'
import type { Environment } from './environment.ts'

/** What is known of the clocks of the generator's threads (R2.2), of the worst of them; nothing where it was not looked into. */
export function clockFacts(proof: ClockProof | null): Environment {
  if (proof === null) return {}
  return {
    clockRounds: proof.rounds,
    clockOffsetUsMin: toNanosecond(proof.offsetUsMin),
    clockOffsetUsMax: toNanosecond(proof.offsetUsMax),
    clockRoundTripUsMin: toNanosecond(proof.roundTripUsMin),
    clockViolations: proof.violations,
  }
}

function toNanosecond(valueUs: number): number {
  return Math.round(valueUs * 1_000) / 1_000
}
