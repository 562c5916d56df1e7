/** What a profile means, in one sentence. Pure. */
import { PROFILE_RULES, type Profile } from '../workload/profile.ts'
import { countText } from './number-text.ts'

/** `standard, p99 is claimed from 270,000 messages per cell on`. */
export function profileText(profile: Profile): string {
  const { claim } = PROFILE_RULES[profile]
  if (claim !== null) {
    return `${profile}, ${claim.percentile} is claimed from ${countText(claim.messages)} messages per cell on`
  }
  return profile === 'smoke'
    ? 'smoke, shows that things work: not a measurement to quote'
    : 'soak, the beginning of each cell against its end'
}
