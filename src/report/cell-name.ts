/** What a row about one cell is called. Pure. */
import type { CellResult } from '../result/result.ts'
import { crewOf, remainingAxes } from './grid.ts'
import { axisNumber } from './headline.ts'
import { sizeText } from './number-text.ts'

/** `stomp://127.0.0.1:61613, 1 KB, 4 pairs, load.inFlight = 1, repetition 2`. @param hasTargets the result has several. */
export function cellName(cell: CellResult, hasTargets: boolean): string {
  const crew = crewOf(cell).label
  return [
    ...(hasTargets ? [cell.target] : []),
    sizeText(axisNumber(cell, 'messageBytes') ?? 0),
    `${crew}${crew.includes('->') ? '' : ' pairs'}`,
    ...Object.entries(remainingAxes(cell)).map(([axis, value]) => `${axis} = ${String(value)}`),
    ...(cell.repetition > 1 ? [`repetition ${cell.repetition}`] : []),
    ...(cell.sentinel === null ? [] : [`sentinel at the ${cell.sentinel}`]),
  ].join(', ')
}
