/** What `--dry-run` prints: each cell, its connections and its time. Pure. */
import { countText, figureText, rateText, sizeText } from '../report/number-text.ts'
import type { Cell } from '../workload/cell.ts'
import { connectionsOf, estimateCampaignSeconds, estimateSeconds } from '../workload/estimate.ts'
import type { CampaignPlan } from '../run/campaign.ts'
import { profileText } from '../report/profile-text.ts'

/** One line per cell, then the sums; ends with a line break. */
export function planText(
  plan: Pick<CampaignPlan, 'workload' | 'targets' | 'cells' | 'cellsTotal' | 'threads'>,
): string {
  const { workload, targets, cells } = plan
  const rows = cells.map((cell, index) => rowOf(cell, index + 1))
  const head = [
    `${workload.name}${workload.question === null ? '' : `: ${workload.question}`}`,
    ...(workload.profile === null ? [] : [`profile: ${profileText(workload.profile)}`]),
    ...targets.map((target, index) => `target t${index + 1}: ${target.label}`),
    '',
  ]
  const connections = Math.max(0, ...cells.map(connectionsOf))
  return [
    ...head,
    ...aligned([['#', 'cell', 'size', 'prod x cons', 'load', 'layout', 'client', 'conns', 'seconds'], ...rows]),
    '',
    `${countText(cells.length)} ${cells.length === 1 ? 'cell' : 'cells'}${someOf(plan)}, ${countText(connections)} connections at most, ${countText(plan.threads)} ${plan.threads === 1 ? 'thread' : 'threads'}, ${timeText(plan)} (broker warm-up included).`,
    '',
  ].join('\n')
}

/** Said before the first cell: `profile standard: 30 cells in 5 repetitions, about 45 min: until 14:05`. */
export function campaignText(plan: Pick<CampaignPlan, 'workload' | 'cells' | 'cellsTotal'>, now: Date): string {
  const { cells, workload } = plan
  const end = new Date(now.getTime() + estimateCampaignSeconds(cells) * 1_000)
  const count = `${countText(cells.length)} ${cells.length === 1 ? 'cell' : 'cells'}${someOf(plan)}`
  const repeats = workload.phases.repeats === 1 ? '' : ` in ${countText(workload.phases.repeats)} repetitions`
  const profile = workload.profile === null ? '' : `profile ${workload.profile}: `
  return `${profile}${count}${repeats}, ${timeText(plan)}: until ${clockText(end, now)}`
}

function someOf({ cells, cellsTotal }: Pick<CampaignPlan, 'cells' | 'cellsTotal'>): string {
  return cells.length === cellsTotal ? '' : ` of ${countText(cellsTotal)} (the others are measured already)`
}

function timeText({ workload, cells }: Pick<CampaignPlan, 'workload' | 'cells'>): string {
  const limit = workload.phases.messagesPerProducer === null ? 'about' : 'at most about'
  return `${limit} ${durationText(estimateCampaignSeconds(cells))}`
}

/** `14:05`, with the date where it is another day; of this host's time zone. */
function clockText(at: Date, now: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`
  if (at.toDateString() === now.toDateString()) return time
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`
}

/** `45 s`, `3 min 20 s`, `1 h 5 min`. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** The load in a few words: `1 in flight`, `5,000/s, cap 1,000`; open rates with what each producer gets. */
export function loadText(cell: Pick<Cell, 'load' | 'crew'>): string {
  const { load, crew } = cell
  if (load.model === 'closed') return `${countText(load.inFlight)} in flight`
  const each = figureText(load.ratePerSecond / Math.max(1, crew.producers))
  return `${rateText(load.ratePerSecond)}/s (${each}/s each), cap ${countText(load.inFlight)}`
}

function rowOf(cell: Cell, order: number): readonly string[] {
  const layout = cell.layout.kind === 'count' ? `${cell.layout.count} destinations` : cell.layout.kind
  return [
    String(order),
    cell.id,
    sizeText(cell.messageBytes),
    `${cell.crew.producers} x ${cell.crew.consumers}`,
    loadText(cell),
    layout,
    [cell, ...(cell.consumer === null ? [] : [cell.consumer])]
      .map(({ protocol, client }) => `${protocol} ${client}`)
      .join(' -> '),
    countText(connectionsOf(cell)),
    countText(estimateSeconds(cell)),
  ]
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = rows[0]?.length ?? 0
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
