/** What contradicts the meaning of a profile, and what it will not be able to claim. Pure. */
import type { Cell } from './cell.ts'
import type { Problem } from './problem.ts'
import { claimOf, PROFILE_RULES, type Profile } from './profile.ts'
import type { GivenLeaves } from './read-leaves.ts'
import { scheduledMessages } from './scheduled-messages.ts'
import type { PhasePlan } from './workload.ts'

/** Refused: a profile that measures shorter or longer than its name says would be no profile. */
export function profileProblems(profile: Profile | null, phases: PhasePlan, given: GivenLeaves): readonly Problem[] {
  if (profile === null) return []
  const { measureSecondsMin, cellSecondsMax } = PROFILE_RULES[profile]
  const problems: Problem[] = []
  const { warmupSeconds, measureSeconds } = phases
  if (measureSecondsMin !== null && phases.messagesPerProducer !== null) {
    problems.push({
      path: given.at('phases.messagesPerProducer'),
      text: `profile ${profile} measures by time, ${measureSecondsMin} s or more, and a number of messages may be sent sooner: leave this out, or take profile smoke`,
    })
  } else if (measureSecondsMin !== null && measureSeconds < measureSecondsMin) {
    problems.push({
      path: given.at('phases.measureSeconds'),
      text: `${measureSeconds} s is less than the ${measureSecondsMin} s that profile ${profile} measures at least: set phases.measureSeconds (-z) to ${measureSecondsMin} or more, or take profile smoke`,
    })
  }
  if (cellSecondsMax !== null && warmupSeconds + measureSeconds > cellSecondsMax) {
    problems.push({
      path: given.at(given.has('phases.measureSeconds') ? 'phases.measureSeconds' : 'phases.warmupSeconds'),
      text: `${measureSeconds} s after ${warmupSeconds} s of warm-up are more than the ${cellSecondsMax} s in all that profile ${profile} gives a cell: shorten phases.measureSeconds (-z) or phases.warmupSeconds, or take profile standard`,
    })
  }
  return problems
}

/** Said before the run, and not only in its result: cells whose schedule holds too few messages for the claim. */
export function profileCautions(cells: readonly Pick<Cell, 'profile' | 'load' | 'phases'>[]): readonly string[] {
  const short = cells.flatMap((cell) => {
    const claim = claimOf(cell.profile)
    const messages = claim === null ? null : scheduledMessages(cell)
    return claim === null || messages === null || messages >= claim.messages ? [] : [{ cell, claim, messages }]
  })
  const [first] = short.toSorted((a, b) => a.messages - b.messages)
  if (first === undefined) return []
  const { claim, cell, messages } = first
  const which = short.length === cells.length ? 'every cell' : `${short.length} of ${cells.length} cells`
  const seconds = Math.ceil((claim.messages / messages) * cell.phases.measureSeconds)
  return [
    `profile ${String(cell.profile)} claims a ${claim.percentile} from ${claim.messages} messages on, and the schedule of ${which} holds fewer: for the slowest, ${Math.round(messages)} in ${cell.phases.measureSeconds} s; it takes ${seconds} s (phases.measureSeconds, -z)`,
  ]
}
