/** What earlier runs say of the variation to expect, said before a run that repeats its points (method.md R3.5). */
import { detectableSentence } from '../report/detectable-text.ts'
import { findPriorVariation } from '../result/prior-variation.ts'
import type { Result } from '../result/result.ts'
import type { CampaignPlan } from '../run/campaign.ts'

/** The plan with its history, and the sentences about it. */
export interface PlanWithHistory {
  readonly plan: CampaignPlan
  readonly notes: readonly string[]
}

/** Looks for earlier complete runs of the same workload in the results folder; a resumed run keeps what it was planned with. */
export function addHistory(plan: CampaignPlan): PlanWithHistory {
  const { repeats } = plan.workload.phases
  const isRepeated = repeats > 1
  if (plan.resume || (!isRepeated && plan.cells.every(({ sentinel }) => sentinel === null))) return { plan, notes: [] }
  const labels = plan.targets.map(({ label }) => label)
  const priorVariation = findPriorVariation(plan.resultsFolder, {
    title: plan.workload.name,
    workload: JSON.parse(JSON.stringify(plan.workload)) as Result['workload'],
    targets: labels,
  })
  const notes = isRepeated
    ? labels.map((target) => expectation(target, priorVariation, repeats, plan.resultsFolder))
    : []
  return { plan: { ...plan, priorVariation }, notes }
}

function expectation(
  target: string,
  priorVariation: CampaignPlan['priorVariation'],
  repeats: number,
  resultsFolder: string,
): string {
  const own = priorVariation.filter((entry) => entry.target === target)
  const sentence = detectableSentence(
    own.map(({ cvOverRunsPercent }) => ({ cvPercent: cvOverRunsPercent, runs: repeats })),
  )
  const [first] = own
  if (sentence === null || first === undefined) {
    return `${target}: which difference ${repeats} repetitions can show is not known yet: ${resultsFolder} holds no complete run of this workload on it with repetitions`
  }
  return `${target}: as run ${first.runId} varied: ${sentence}`
}
