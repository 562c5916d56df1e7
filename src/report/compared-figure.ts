import type { CellResult } from '../result/result.ts'
import { headlineRate } from './headline.ts'
import { figureText, percentText, rateText } from './number-text.ts'

/** A figure that two sides are put beside each other by. */
export interface ComparedFigure {
  readonly label: string
  readonly figureOf: (cell: CellResult) => number | null
  readonly text: (figure: number) => string
  /** Why there is none. */
  readonly missing: string
}

/** Rate of the table. */
export const TPS: ComparedFigure = {
  label: 'TPS',
  figureOf: (cell) => headlineRate(cell)?.perSecond ?? null,
  text: rateText,
  missing: 'No message was counted.',
}

/** Of the broker. */
export const CPU_PERCENT: ComparedFigure = {
  label: 'CPU %',
  figureOf: (cell) => cell.broker?.cpuPercent ?? null,
  text: percentText,
  missing: 'Broker CPU was not sampled.',
}

/** Of the broker. */
export const CORE_MICROS_PER_MESSAGE: ComparedFigure = {
  label: 'Core-us/msg',
  figureOf: (cell) => cell.broker?.cpuMicrosPerMessage ?? null,
  text: figureText,
  missing: 'Broker CPU was not sampled.',
}
