/** Which reasons of cells and points stand under a table, and by which name each is called there. Pure. */
import type { CellResult, Reason } from '../result/result.ts'
import { crewOf, type Point } from './grid.ts'
import { axisNumber } from './headline.ts'
import { sizeText } from './number-text.ts'
import { isRemark, type NotedReason } from './reason-notes.ts'
import { capitalised } from './verdict-text.ts'

/** `5 KB x 200`, `5 KB x 200 rep. 2` where there are several repetitions. */
export function placeName(cell: CellResult, isRepeated: boolean): string {
  const place = `${sizeText(axisNumber(cell, 'messageBytes') ?? 0)} x ${crewOf(cell).label}`
  return isRepeated ? `${place} rep. ${cell.repetition}` : place
}

/** Every reason of each cell, for a table with a row per cell and a column for the verdict itself. */
export function reasonsOfCells(cells: readonly CellResult[]): NotedReason[] {
  const isRepeated = cells.some(({ repetition }) => repetition > 1)
  return cells.flatMap((cell) => {
    const { kind, reasons } = cell.verdict
    const lead = capitalised(kind)
    return reasons.map((reason) => ({ holder: cell.id, name: placeName(cell, isRepeated), lead, kind, reason }))
  })
}

/**
 * What must be said beside the figures of a point: every repetition that is neither valid nor published, with what made it
 * so. Mere remarks are left to the table of cells.
 *
 * @param whose before the name of the point: a target, a run; empty where there is only one.
 */
export function reasonsOfPoint(point: Point, whose = ''): NotedReason[] {
  const [first] = point.repetitions
  const isRepeated = point.repetitions.length > 1
  return point.repetitions.flatMap((cell) => {
    const { kind, reasons } = cell.verdict
    if (first === undefined || kind === 'valid' || kind === 'published') return []
    const made = reasons.filter(({ code }) => !isRemark(kind, code))
    const said = made.length > 0 ? made : reasons.length > 0 ? reasons : [null]
    const words = [whose, isRepeated ? `repetition ${cell.repetition}` : '', kind].filter((word) => word !== '')
    const lead = capitalised(words.join(' '))
    return said.map((reason) => ({
      holder: first.id,
      name: `${whose === '' ? '' : `${whose} `}${placeName(cell, isRepeated)}`,
      lead,
      kind,
      reason,
    }))
  })
}

/** What is to be said of each sentinel that is not valid. */
export function reasonsOfSentinels(cells: readonly CellResult[]): NotedReason[] {
  return cells.flatMap((cell) => {
    if (cell.sentinel === null) return []
    const name = `${cell.sentinel} of repetition ${cell.repetition}`
    const point = { target: cell.target, messageBytes: 0, crew: crewOf(cell), repetitions: [cell] }
    return reasonsOfPoint(point).map((entry) => ({ ...entry, name }))
  })
}

/** Flags of a point over its repetitions: remarks. */
export function reasonsOfFlags({ repetitions: [first] }: Point, flags: readonly Reason[], whose = ''): NotedReason[] {
  if (first === undefined) return []
  const name = `${whose === '' ? '' : `${whose} `}${placeName(first, false)}`
  return flags.map((reason) => ({ holder: first.id, name, lead: 'Remark', kind: 'valid', reason }))
}
