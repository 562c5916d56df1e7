/** The edge to the eye: one line that is rewritten on a terminal, plain lines elsewhere; always on stderr. */
import type { CampaignEvents, CampaignPlan } from '../run/campaign.ts'
import type { Cell } from '../workload/cell.ts'
import { estimateCampaignSeconds, estimateSeconds } from '../workload/estimate.ts'
import type { Output } from './context.ts'
import { durationText } from './plan-text.ts'
import { cellEndLine, cellWords, intervalLine, type Position } from './progress-text.ts'

/** Without a terminal, one line in so many seconds of a cell: enough to see that it lives, little enough for a log. */
const SECONDS_BETWEEN_LINES = 10

export interface Progress {
  readonly events: CampaignEvents
  /** Removes the live line, so that what is printed next begins on an empty one. */
  close(): void
}

/** @param quiet warnings only. */
export function openProgress(output: Output, plan: Pick<CampaignPlan, 'cells'>, quiet: boolean): Progress {
  const screen = new Screen(output)
  const say = (sentence: string): void => {
    if (!quiet) screen.line(sentence)
  }
  let order = 0
  let total = plan.cells.length
  let lastLineAtSeconds = 0
  const position = (cell: Cell | null, atSeconds: number): Position => {
    const place = cell === null ? -1 : plan.cells.findIndex((one) => one.id === cell.id)
    const rest = estimateCampaignSeconds(plan.cells, place + 1)
    const current = cell === null ? 0 : Math.max(0, estimateSeconds(cell) - atSeconds)
    return { order, total, secondsLeft: rest + current }
  }
  const events: CampaignEvents = {
    onTarget: (target, sentence) => say(`${target}  ${sentence}`),
    onClientWarmup: (client, seconds) => say(`${client}  warming the client up on the broker inside for ${seconds} s`),
    onBrokerWarmup: (target, seconds) => say(`${target}  warming the broker up for ${durationText(seconds)}`),
    onCellStart: (cell, cellOrder, cellsTotal) => {
      order = cellOrder
      total = cellsTotal
      lastLineAtSeconds = 0
      if (!quiet) screen.live(`[${order}/${total}] ${cellWords(cell)}  connecting`)
    },
    onInterval: (cell, interval) => {
      if (quiet) return
      const text = intervalLine(cell, interval, position(cell, interval.atSeconds))
      if (output.isTerminal) screen.live(text)
      else if (interval.atSeconds - lastLineAtSeconds >= SECONDS_BETWEEN_LINES) {
        lastLineAtSeconds = interval.atSeconds
        screen.line(text)
      }
    },
    onCellEnd: (cell, result) => {
      screen.clear()
      say(cellEndLine(cell, result, position(cell, 0)))
    },
    onWarning: (sentence) => screen.line(`warning: ${sentence}`),
  }
  return { events, close: () => screen.clear() }
}

/** Lines and one live line below them. */
class Screen {
  readonly #output: Output
  #live = ''

  constructor(output: Output) {
    this.#output = output
  }

  line(text: string): void {
    const live = this.#live
    this.clear()
    this.#output.write(`${text}\n`)
    if (live !== '') this.live(live)
  }

  live(text: string): void {
    if (!this.#output.isTerminal) return
    // One column short, because a full line makes some terminals scroll.
    this.#live = text.slice(0, Math.max(20, this.#output.columns - 1))
    this.#output.write(`\r\x1b[2K${this.#live}`)
  }

  clear(): void {
    if (this.#live !== '') this.#output.write('\r\x1b[2K')
    this.#live = ''
  }
}
