/**
 * THE SPINE. A campaign is one run of a workload: its folder, its repetitions, and the result that is put together at the
 * end (design.md section 2). Each cell is stored as soon as it is measured, so that nothing that was measured is ever lost.
 */
import { SCHEMA_VERSION } from '../result/result.ts'
import { createRun, openRun, type RunFolder, type RunHeader } from '../result/store.ts'
import type { Cell } from '../workload/cell.ts'
import { answeringCells } from './answering-cells.ts'
import type { CampaignPlan, RunCampaign } from './campaign.ts'
import { CampaignBook } from './campaign-book.ts'
import { cautionsOf } from './cautions.ts'
import { captureEnvironment } from './environment.ts'
import { giveUpTarget } from './give-up-target.ts'
import { plannedOf } from './kept-plan.ts'
import { runInOwnProcess } from './repetition-process/run-in-own-process.ts'
import type { RepetitionPlan } from './repetition.ts'
import { runRepetition } from './run-repetition.ts'
import { unreachedTarget } from './target-record.ts'
import { toolCommit } from './tool-version.ts'

/** Runs the cells of `plan.cells` and puts the result together. @throws StoreError when results cannot be written. */
export const runCampaign: RunCampaign = async (plan, events, signal) => {
  const { folder, header } = await openFolder(plan)
  const book = new CampaignBook(plan, events, folder, header)
  // A repetition starts from nothing, as a restart of the tool would; the only one has just been started.
  const run = plan.workload.phases.repeats > 1 ? runInOwnProcess : runRepetition
  const answering = answeringCells(plan)
  try {
    if (!signal.aborted) await giveUpUnusable(plan, answering, book)
    for (const repetition of repetitionsOf(plan, answering)) {
      if (signal.aborted) break
      await run(repetition, book, signal)
    }
    const result = folder.finish(signal.aborted ? 'interrupted' : 'complete')
    return { result, folder: folder.path, interrupted: signal.aborted, unusableTargets: book.unusableTargets }
  } finally {
    folder.close()
  }
}

/** Cells that follow each other in one repetition; in the order, they come after those that have failed already. */
function repetitionsOf(plan: CampaignPlan, cells: readonly Cell[]): readonly RepetitionPlan[] {
  const { targets, threads, brokerPid, brokerCgroup, floors } = plan
  const done = plan.cellsTotal - cells.length
  const repetitions: { readonly cells: [Cell, ...Cell[]]; readonly orderFrom: number }[] = []
  for (const [index, cell] of cells.entries()) {
    const last = repetitions.at(-1)
    if (last?.cells[0].repetition === cell.repetition) last.cells.push(cell)
    else repetitions.push({ cells: [cell], orderFrom: done + index + 1 })
  }
  return repetitions.map((repetition) => ({ targets, threads, brokerPid, brokerCgroup, floors, ...repetition }))
}

/** Cells of targets that did not answer come first in the order, and take no time. */
async function giveUpUnusable(plan: CampaignPlan, answering: readonly Cell[], book: CampaignBook): Promise<void> {
  const [first, ...others] = plan.cells.filter((cell) => !answering.includes(cell))
  if (first === undefined) return
  const failed: RepetitionPlan = {
    ...plan,
    cells: [first, ...others],
    orderFrom: plan.cellsTotal - plan.cells.length + 1,
  }
  for (const [label, error] of plan.unusable) {
    const cells = failed.cells.filter(({ targetIndex }) => plan.targets[targetIndex]?.label === label)
    await giveUpTarget(failed, book, label, cells, error)
  }
}

/** The run's folder, and its header: that of an earlier attempt where it is continued. */
async function openFolder(plan: CampaignPlan): Promise<{ folder: RunFolder; header: RunHeader }> {
  if (plan.resume) return openRun(plan.resultsFolder, plan.runId)
  const header = await headerOf(plan)
  return { folder: createRun(plan.resultsFolder, header, plannedOf(plan)), header }
}

async function headerOf(plan: CampaignPlan): Promise<RunHeader> {
  const environment = await captureEnvironment(plan.resultsFolder)
  return {
    schemaVersion: SCHEMA_VERSION,
    runId: plan.runId,
    title: plan.workload.name,
    createdAt: new Date().toISOString(),
    tool: { name: 'brokermark', version: plan.toolVersion, commit: toolCommit() },
    environment,
    workload: JSON.parse(JSON.stringify(plan.workload)) as RunHeader['workload'],
    profile: plan.workload.profile,
    targets: plan.targets.map(unreachedTarget),
    priorVariation: [...plan.priorVariation],
    source: null,
    cautions: cautionsOf(plan),
  }
}
