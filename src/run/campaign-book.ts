import { worstProof, type ClockProof } from '../measure/clock-offset.ts'
import type { TargetResult } from '../result/result.ts'
import type { RunFolder, RunHeader } from '../result/store.ts'
import type { Cell } from '../workload/cell.ts'
import type { CampaignEvents, CampaignOutcome, CampaignPlan } from './campaign.ts'
import { clockFacts } from './environment.ts'
import { redact, redactCell, secretsOf } from './redact.ts'
import type { FinishedCell, RepetitionEvents, RepetitionReport } from './repetition.ts'
import { unreachedTarget, unusableTarget } from './target-record.ts'

/**
 * What a campaign knows, on disk as soon as it is known: cells, targets, clocks. Repetitions report to it, wherever they
 * run; the user hears of it all, and no secret gets past it.
 */
export class CampaignBook implements RepetitionEvents {
  readonly #plan: CampaignPlan
  readonly #events: CampaignEvents
  readonly #folder: RunFolder
  readonly #secrets: readonly string[]
  readonly #cells: ReadonlyMap<string, Cell>
  readonly #environment: RunHeader['environment']
  readonly #targets: Map<string, TargetResult>
  /** Labels of those that were used in this attempt. */
  readonly #found = new Set<string>()
  readonly #unusable = new Map<string, string>()
  readonly #started = new Set<string>()
  #clocks: ClockProof | null = null

  /** @param header of an earlier attempt at this run where it is continued: what it found out stays until it is found anew. */
  constructor(plan: CampaignPlan, events: CampaignEvents, folder: RunFolder, header: RunHeader) {
    this.#plan = plan
    this.#events = events
    this.#folder = folder
    this.#secrets = secretsOf(plan.targets)
    this.#cells = new Map(plan.cells.map((cell) => [cell.id, cell]))
    this.#environment = header.environment
    this.#targets = new Map(header.targets.map((known) => [known.target, known]))
  }

  get unusableTargets(): CampaignOutcome['unusableTargets'] {
    return [...this.#unusable].map(([target, sentence]) => ({ target, sentence }))
  }

  tell(report: RepetitionReport): void {
    switch (report.kind) {
      case 'clocks':
        this.#clocks = worstProof(this.#clocks === null ? [report.proof] : [this.#clocks, report.proof])
        this.#folder.updateHeader({ environment: { ...this.#environment, ...clockFacts(this.#clocks) } })
        return
      case 'client-warm-up':
        this.#events.onClientWarmup(report.client, report.seconds)
        return
      case 'target':
        this.#events.onTarget(report.found.target, report.sentence)
        this.#found.add(report.found.target)
        this.#updateTarget({ ...report.found, remains: this.#remainsOf(report.found.target) })
        return
      case 'unusable-target':
        this.#noteUnusable(report.target, redact(report.sentence, this.#secrets))
        return
      case 'broker-warm-up':
        this.#events.onBrokerWarmup(report.target, report.seconds)
        return
      case 'removed':
        this.#noteRemains(report.target, report.remains)
        return
      case 'cell-start':
      case 'interval':
        this.#tellOfCell(report)
        return
      case 'warning':
        this.#events.onWarning(report.sentence)
        return
      case 'declaring':
    }
  }

  store({ result, histograms }: FinishedCell): Promise<void> {
    const stored = this.#folder.writeCell(redactCell(result, this.#secrets), histograms)
    const cell = this.#cells.get(result.id)
    if (cell !== undefined && this.#started.has(cell.id)) this.#events.onCellEnd(cell, stored)
    return Promise.resolve()
  }

  #tellOfCell(report: RepetitionReport & { readonly kind: 'cell-start' | 'interval' }): void {
    const cell = this.#cells.get(report.cellId)
    if (cell === undefined) return
    if (report.kind === 'interval') {
      this.#events.onInterval(cell, report.interval)
      return
    }
    this.#started.add(cell.id)
    this.#events.onCellStart(cell, report.order, this.#plan.cellsTotal)
  }

  #noteUnusable(label: string, sentence: string): void {
    if (!this.#unusable.has(label)) this.#unusable.set(label, sentence)
    const target = this.#plan.targets.find((one) => one.label === label)
    if (target === undefined || this.#found.has(label)) return
    this.#updateTarget({ ...unusableTarget(target), remains: this.#remainsOf(label) })
  }

  #noteRemains(label: string, remains: readonly string[]): void {
    const known = this.#targets.get(label)
    // What was on the broker inside went with its process.
    if (remains.length === 0 || known === undefined || known.embedded) return
    this.#updateTarget({ ...known, remains: [...new Set([...known.remains, ...remains])] })
  }

  #remainsOf(label: string): string[] {
    return this.#targets.get(label)?.remains ?? []
  }

  #updateTarget(found: TargetResult): void {
    this.#targets.set(found.target, found)
    const targets = this.#plan.targets.map((target) => this.#targets.get(target.label) ?? unreachedTarget(target))
    this.#folder.updateHeader({ targets })
  }
}
