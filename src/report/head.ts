/** What stands above the tables: title, model, layout, delivery, targets, and what TPS and CPU % mean here. Pure. */
import type { CellResult, Model, Result } from '../result/result.ts'
import { deliveryText, settingsOf } from './cell-settings.ts'
import { axisNumber } from './headline.ts'
import { intervalConfidence } from './interval-text.ts'
import { countText, exactText, rateText } from './number-text.ts'
import { profileText } from './profile-text.ts'
import { protocolsName, shortNames } from './target-name.ts'
import { rateBasisSentence } from './throughput-table.ts'

export interface Fact {
  readonly label: string
  readonly text: string
}

const harnessOnly = 'measures the harness, not a product'

/** The title; a run on the embedded broker or in memory says in it that it measures the harness, not a product. */
export function reportTitle(result: Result): string {
  const inside = result.targets.filter((target) => target.embedded || target.protocol === 'loopback')
  if (inside.length === 0 || result.title.includes(harnessOnly)) return result.title
  const which = inside.length === result.targets.length ? '' : `${inside.map((one) => one.target).join(', ')} `
  return `${result.title} (${which}${harnessOnly})`
}

/** The one sentence that says how load was made; one per model where the cells differ. */
export function modelSentences(cells: readonly CellResult[]): string[] {
  const byModel = new Map<string, CellResult[]>()
  for (const cell of cells) {
    const key = JSON.stringify(cell.model)
    byModel.set(key, [...(byModel.get(key) ?? []), cell])
  }
  return [...byModel.values()].flatMap((same) => {
    const [first] = same
    return first === undefined ? [] : [modelSentence(first.model, same)]
  })
}

function modelSentence(model: Model, cells: readonly CellResult[]): string {
  const messages = model.inFlight === 1 ? 'message' : 'messages'
  if (model.kind === 'closed') {
    const span = `${countText(model.inFlight)} ${messages} in flight per producer`
    return `Closed model, ${span}: a producer sends the next message when one is settled, so a slow broker is asked for less.`
  }
  const total = `${rateText(model.ratePerSecond)} messages/s in total`
  const producers = numbers(cells, 'producers')
  const each = producers.map((count) => exactText(model.ratePerSecond / Math.max(1, count))).join(' / ')
  const per = `${each} messages/s per producer at ${producers.map(countText).join(' / ')} producers`
  const cap = `at most ${countText(model.inFlight)} in flight per producer`
  const detail = model.detail === null ? '' : `, ${model.detail}`
  const late = model.catchUp === 'burst' ? '' : `, catch-up ${model.catchUp}`
  if (model.arrivals === 'steps' || model.arrivals === 'trace') {
    // The nominal rate is that of the warm-up alone.
    const course = model.arrivals === 'steps' ? 'in steps of' : 'by the trace'
    return `Open model, arrivals ${course} ${model.detail ?? ''}, after a warm-up at ${total}${late}, ${cap}: messages are due by a schedule, whatever the broker does.`
  }
  return `Open model, ${model.arrivals} arrivals at ${total} (${per}${detail}${late}), ${cap}: messages are due by a schedule, whatever the broker does.`
}

/** The facts of the head, in the order in which they are printed. */
export function headFacts(result: Result): Fact[] {
  return [
    { label: 'Profile', text: result.profile === null ? '' : profileText(result.profile) },
    { label: 'Model', text: modelSentences(result.cells).join(' ') },
    { label: 'Layout', text: layoutText(result) },
    { label: 'Delivery', text: deliveries(result) },
    ...targetFacts(result),
    { label: 'TPS', text: rateBasisSentence(result) },
    { label: 'CPU %', text: cpuText(result) },
    { label: 'Measured', text: measuredText(result) },
  ].filter((fact) => fact.text !== '')
}

function layoutText(result: Result): string {
  const kinds = unique(result.cells.map((cell) => settingsOf(result, cell).destinationKind ?? 'destination'))
  const layouts = unique(result.cells.map((cell) => layoutSentence(cell.layout)))
  return layouts.length === 0 ? '' : `${layouts.join('; ')} (${kinds.join(', ')})`
}

function layoutSentence(layout: string | null): string {
  if (layout === null) return 'not stated'
  if (layout === 'per-pair') return 'per-pair: producer i and consumer i on destination i'
  return layout === 'shared' ? 'shared: all producers and consumers on one destination' : layout
}

function deliveries(result: Result): string {
  return unique(result.cells.map((cell) => deliveryText(settingsOf(result, cell)))).join('; or ')
}

function targetFacts(result: Result): Fact[] {
  const names = shortNames(result)
  const several = names.size > 1
  return result.targets.map((target) => {
    const cell = result.cells.find((one) => one.target === target.target)
    const name = names.get(target.target)
    const broker = target.embedded ? 'embedded broker' : (target.broker ?? 'broker does not say what it is')
    const client = cell === undefined || cell.client === null ? null : clientText(cell)
    const parts = [target.target, protocolsName(result, target.target), broker, ...(client === null ? [] : [client])]
    const label = several && name !== undefined && name !== target.target ? `Target ${name}` : 'Target'
    return { label, text: unique(parts).join(', ') }
  })
}

function clientText(cell: CellResult): string {
  const ends = [cell, ...(cell.consumer === null ? [] : [cell.consumer])].map(({ client, clientVersion }) => {
    const version = clientVersion === null ? '' : ` (${clientVersion})`
    return `${String(client)}${version}`
  })
  return `client ${unique(ends).join(' -> ')}`
}

function cpuText(result: Result): string {
  const sampled = result.cells.flatMap((cell) => (cell.broker === null ? [] : [cell.broker]))
  if (sampled.length > 0) {
    return `broker CPU, 100 = ${fewOf(sampled.map((usage) => usage.base))}; ${fewOf(sampled.map((usage) => usage.source))}`
  }
  const reasons = unique(result.targets.map((target) => target.cpuSource))
  return reasons.length === 0 ? '' : `no figure: ${reasons.join('; ')}`
}

function measuredText(result: Result): string {
  const repetitions = Math.max(0, ...result.cells.map((cell) => cell.repetition))
  const per = measuredSpan(result)
  const repeated =
    repetitions > 1
      ? `${repetitions} repetitions; tables show the median of those that count and its interval (with ${repetitions}: ${intervalConfidence(repetitions) ?? ''})`
      : ''
  const incomplete =
    result.status === 'running' || result.status === 'interrupted'
      ? `this run is ${result.status}: cells are missing`
      : ''
  return [per === null ? '' : `${per} per cell`, repeated, incomplete].filter((part) => part !== '').join('; ')
}

/** `30 s`, or `10 to 30 s`, of measurement per cell; null where no cell says. */
export function measuredSpan(result: Result): string | null {
  const seconds = result.cells
    .flatMap((cell) => cell.measureSeconds ?? [])
    .filter((measured) => measured > 0)
    .sort((a, b) => a - b)
  const ends = unique([seconds[0], seconds.at(-1)].flatMap((end) => (end === undefined ? [] : exactText(tenths(end)))))
  return ends.length === 0 ? null : `${ends.join(' to ')} s`
}

/** To the tenth, so that 4 s and 4.002 s are one length; shorter ones to the hundredth. */
function tenths(seconds: number): number {
  return seconds < 1 ? seconds : Math.round(seconds * 10) / 10
}

/** The first few of many: a broker that is started anew has another process id in every cell. */
export function fewOf(texts: readonly string[]): string {
  const different = unique(texts)
  const shown = different.slice(0, 3).join('; ')
  return different.length > 3 ? `${shown} and ${different.length - 3} more` : shown
}

function numbers(cells: readonly CellResult[], axis: string): number[] {
  return unique(cells.flatMap((cell) => axisNumber(cell, axis) ?? [])).sort((a, b) => a - b)
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
