/**
 * Reasons of verdicts as few notes: one per reason code with the cells it holds for, so that a noisy hour does not bury the
 * table. What breaks a verdict comes first and names every cell with the figure that broke it; a mere remark names the
 * worst and the range. Each cell's own reasons in full are in the table of verdicts. Pure.
 */
import type { Reason, VerdictKind } from '../result/result.ts'
import { quantityText } from './number-text.ts'
import type { NoteList } from './report-table.ts'
import { capitalised, reasonText } from './verdict-text.ts'

/** One reason of one cell. */
export interface NotedReason {
  /** Whose mark it is: the id of a cell, or of the first one of a point. */
  readonly holder: string
  /** `5 KB x 200 rep. 2`: the cell among others. */
  readonly name: string
  /** `Invalid`, `Repetition 2 invalid`: how its note begins where it is the only one. */
  readonly lead: string
  readonly kind: VerdictKind
  /** Null where the verdict alone is all there is to say. */
  readonly reason: Reason | null
}

/** Never the cause of a verdict, whatever the verdict is. */
const REMARK_CODES = new Set([
  ...['below-floor', 'near-ceiling', 'coordinated', 'smoke', 'too-few-messages', 'tail-withheld', 'noisy', 'drifted'],
])
/** Of messages, not of time: each cell is named even where no guarantee was asked for. */
const INTEGRITY_CODES = new Set([
  ...['not-drained', 'lossy', 'duplicated', 'aborted', 'late', 'unexpected', 'corrupt', 'refused'],
])
/** As in the verdict of a cell, worst first. */
const KINDS: readonly VerdictKind[] = [
  ...(['failed', 'interrupted', 'invalid', 'unsustainable', 'indeterminate', 'not-steady', 'valid'] as const),
]
/** So many different texts without a figure stand in one note. */
const TEXTS_MAX = 3

/** The sentence under a table whose notes condense something. */
export const WHERE_IN_FULL =
  'Each cell and point with its own figures: Verdicts in report.html and table.md; cells.csv, points.csv, result.json.'

/** Whether this reason says something beside the verdict and did not make it. */
export function isRemark(kind: VerdictKind, code: string): boolean {
  return REMARK_CODES.has(code) || (kind === 'valid' && !INTEGRITY_CODES.has(code))
}

/** The notes of one table for its reasons; make it before any other note, so that these come first. */
export class ReasonNotes {
  /** Where the figures of each cell are, if a note leaves any out. */
  readonly remarks: readonly string[]
  readonly #numbers = new Map<string, number[]>()

  /** @param whole what the table has in all: `60 cells`. */
  constructor(notes: NoteList, entries: readonly NotedReason[], whole: string) {
    const groups = groupsOf(entries)
    for (const group of groups) {
      const number = notes.number(noteOf(group, whole))
      for (const { holder } of group) {
        const known = this.#numbers.get(holder) ?? []
        if (!known.includes(number)) this.#numbers.set(holder, [...known, number])
      }
    }
    this.remarks = groups.some(([{ reason }, ...others]) => others.length > 0 && reason?.figure != null)
      ? [WHERE_IN_FULL]
      : []
  }

  /** Numbers of the notes of a cell or point, from 1. */
  numbersOf(holder: string): readonly number[] {
    return this.#numbers.get(holder) ?? []
  }
}

type Group = readonly [NotedReason, ...NotedReason[]]

function isOfRemarks([{ kind, reason }]: Group): boolean {
  return reason !== null && isRemark(kind, reason.code)
}

/** Worst kind first, remarks last; within each the order in which they come. */
function groupsOf(entries: readonly NotedReason[]): Group[] {
  const groups = new Map<string, [NotedReason, ...NotedReason[]]>()
  for (const entry of entries) {
    const group = groups.get(keyOf(entry))
    if (group === undefined) groups.set(keyOf(entry), [entry])
    else group.push(entry)
  }
  const rank = (group: Group): number => (isOfRemarks(group) ? KINDS.length : KINDS.indexOf(group[0].kind))
  return [...groups.values()].sort((a, b) => rank(a) - rank(b))
}

/** One code may have figures of several kinds (p99 and p99.9, a share and a time): those are not put in one range. */
function keyOf({ kind, reason }: NotedReason): string {
  if (reason === null) return kind
  const { code, text, figure } = reason
  const said = figure === null ? '' : (text.split(/[;:(]/)[0] ?? '').replace(/(?<![\w.])\d[\d.,]*/g, '#')
  return JSON.stringify([isRemark(kind, code) ? 'remark' : kind, code, said])
}

function noteOf(group: Group, whole: string): string {
  const [first] = group
  const { kind, reason } = first
  if (group.length === 1) {
    if (reason === null) return `${first.lead}.`
    return `${isOfRemarks(group) && kind !== 'valid' ? 'Remark' : first.lead}: ${reasonText(reason)}.`
  }
  const cells = `${new Set(group.map(({ name }) => name)).size} of ${whole}`
  if (reason === null) return `${capitalised(kind)}, ${cells}: ${namesOf(group)}.`
  if (isOfRemarks(group)) return remarkOf(group, reason.code, cells)
  return `${capitalised(kind)}, ${cells}${reason.figure === null ? textsOf(group) : figuresOf(group)}.`
}

/** `Remark, 27 of 60 cells, worst 5 KB x 200: ... (below-floor: 7,267, limit 14,526); below-floor in all 3,269 to 13,383, limit 4,810 to 65,150.` */
function remarkOf(group: Group, code: string, cells: string): string {
  const sorted = worstFirst(group)
  const [worst] = sorted
  if (worst?.reason == null) return `Remark, ${cells}.`
  const reasons = group.flatMap(({ reason }) => reason ?? [])
  const figures = rangeText(reasons.map(({ figure }) => figure))
  const limits = rangeText(reasons.map(({ limit }) => limit))
  if (new Set(reasons.map(reasonText)).size === 1) return `Remark, ${cells}: ${reasonText(worst.reason)}.`
  const all = figures === null ? '' : `; ${code} in all ${figures}${limits === null ? '' : `, limit ${limits}`}`
  return `Remark, ${cells}, worst ${worst.name}: ${reasonText(worst.reason)}${all}.`
}

/** The worst in full, of the others the figure that broke each. */
function figuresOf(group: Group): string {
  const [worst, ...others] = worstFirst(group)
  if (worst?.reason == null) return ''
  const { limit } = worst.reason
  const more = others.flatMap(({ name, reason }) => {
    if (reason?.figure == null) return []
    const own = reason.limit === limit || reason.limit === null ? '' : ` (limit ${quantityText(reason.limit)})`
    return [`; ${name}: ${quantityText(reason.figure)}${own}`]
  })
  return `, worst ${worst.name}: ${reasonText(worst.reason)}${more.join('')}`
}

/** `: the broker closed the connection (broker-closed): 1 KB x 25, 1 KB x 50; ...`: every cell is named. */
function textsOf(group: Group): string {
  const byText = new Map<string, NotedReason[]>()
  for (const entry of group) {
    const text = entry.reason === null ? '' : reasonText(entry.reason)
    byText.set(text, [...(byText.get(text) ?? []), entry])
  }
  const said = [...byText].slice(0, TEXTS_MAX).map(([text, entries]) => `${text}: ${namesOf(entries)}`)
  const rest = [...byText].slice(TEXTS_MAX).flatMap(([, entries]) => entries)
  return `: ${[...said, ...(rest.length === 0 ? [] : [`others like these: ${namesOf(rest)}`])].join('; ')}`
}

function namesOf(entries: readonly NotedReason[]): string {
  return [...new Set(entries.map(({ name }) => name))].join(', ')
}

/** By how far a figure is from its limit, on either side. */
function worstFirst(group: Group): NotedReason[] {
  return [...group].sort((a, b) => excess(b.reason) - excess(a.reason))
}

function excess(reason: Reason | null): number {
  if (reason?.figure == null) return -1
  const { figure, limit } = reason
  if (limit === null || limit === 0) return Math.abs(figure)
  const ratio = Math.abs(figure / limit)
  return ratio === 0 ? Number.MAX_VALUE : Math.max(ratio, 1 / ratio)
}

/** `6.41 to 23.3`, `5` where all are alike; null where there is none. */
export function rangeText(quantities: readonly (number | null)[]): string | null {
  const known = quantities.filter((quantity) => quantity !== null)
  if (known.length === 0) return null
  const [low, high] = [quantityText(Math.min(...known)), quantityText(Math.max(...known))]
  return low === high ? low : `${low} to ${high}`
}
