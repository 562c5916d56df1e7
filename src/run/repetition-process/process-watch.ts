import type { Interval } from '../../result/result.ts'
import type { FromRepetition } from './messages.ts'

/** A cell that has begun and was not handed over yet. */
export interface CellUnderWay {
  readonly cellId: string
  readonly startedAtMs: number
  readonly intervals: readonly Interval[]
}

/** What a client process has done and begun so far, for the case that it dies. */
export class ProcessWatch {
  readonly #handedOver = new Set<string>()
  #underWay: (CellUnderWay & { readonly intervals: Interval[] }) | null = null
  #declared: { readonly target: string; readonly destinations: readonly string[] } | null = null

  get underWay(): CellUnderWay | null {
    return this.#underWay
  }

  /** Destinations that it may have left on a broker; null for none. */
  get declared(): { readonly target: string; readonly destinations: readonly string[] } | null {
    return this.#declared
  }

  isHandedOver(cellId: string): boolean {
    return this.#handedOver.has(cellId)
  }

  see(message: FromRepetition): void {
    if (message.kind === 'cell') {
      this.#handedOver.add(message.cell.result.id)
      this.#underWay = null
    }
    if (message.kind !== 'report') return
    const { report } = message
    if (report.kind === 'cell-start') this.#underWay = { cellId: report.cellId, startedAtMs: Date.now(), intervals: [] }
    else if (report.kind === 'interval') this.#underWay?.intervals.push(report.interval)
    else if (report.kind === 'declaring') this.#declared = report
    else if (report.kind === 'removed') this.#declared = null
  }
}
