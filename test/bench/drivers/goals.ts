/** What the wire drivers are to reach on the embedded broker, and whether they do. Pure. */
import type { Protocol } from '../../../src/driver/driver.ts'
import { figureText } from '../../../src/report/number-text.ts'
import { textCell, type TableCell } from '../../../src/report/report-table.ts'
import type { Row } from './measure-broker.ts'
import { spreadOf } from '../support/spread.ts'

/** CPU microseconds per message at window 100. */
const MICROS_MAX: Readonly<Record<Exclude<Protocol, 'loopback'>, number>> = {
  stomp: 6,
  mqtt: 6,
  amqp091: 6,
  amqp10: 8,
  openwire: 8,
}
const CHEAPER_THAN_LIBRARY_MIN = 5
const ABOVE_FLOOR_MAX = 1.3
const GOAL_WINDOW = 100

/** Heads of the cells of `goalCells`. */
export const GOAL_HEADS = ['window 100', 'library / wire', 'window 1 / floor'] as const

/**
 * The three cells of one row: the cost at window 100 against its limit, how many times cheaper than the library in the
 * same run, and window 1 against the bare ping-pong. Empty where no goal is set.
 */
export function goalCells(row: Row, rows: readonly Row[]): readonly TableCell[] {
  const { broker, protocol, client } = row.subject
  if (broker !== 'embedded' || client !== 'wire' || protocol === 'loopback') {
    return GOAL_HEADS.map(() => textCell(''))
  }
  const cost = medianMicros(row, GOAL_WINDOW)
  const library = rows.find(
    ({ subject }) => subject.broker === broker && subject.protocol === protocol && subject.client === 'library',
  )
  const libraryCost = library === undefined ? null : medianMicros(library, GOAL_WINDOW)
  return [
    judged(cost, MICROS_MAX[protocol], 'at most', ' us'),
    judged(ratio(libraryCost, cost), CHEAPER_THAN_LIBRARY_MIN, 'at least', 'x'),
    judged(aboveFloor(row), ABOVE_FLOOR_MAX, 'at most', 'x'),
  ]
}

/** Median over the repetitions; null where there is none. */
function medianMicros(row: Row, window: number): number | null {
  return spreadOf((row.costs.get(window) ?? []).map((cost) => cost.cpuMicrosPerMessage))?.median ?? null
}

/** Median over the repetitions of window 1 to the floor that was measured next to it: both had the same machine. */
function aboveFloor({ costs, floors }: Row): number | null {
  const ratios = (costs.get(1) ?? []).flatMap((cost, repetition) => {
    const floor = floors[repetition]
    return floor === undefined ? [] : [cost.cpuMicrosPerMessage / floor.cpuMicrosPerMessage]
  })
  return spreadOf(ratios)?.median ?? null
}

function ratio(above: number | null, below: number | null): number | null {
  return above === null || below === null ? null : above / below
}

function judged(figure: number | null, limit: number, kind: 'at most' | 'at least', unit: string): TableCell {
  if (figure === null) return textCell('n/a', 'missing')
  const isMet = kind === 'at most' ? figure <= limit : figure >= limit
  const text = `${figureText(figure)}${unit}, ${kind} ${limit}${unit}: ${isMet ? 'met' : 'missed'}`
  return textCell(text, isMet ? 'good' : 'bad')
}
