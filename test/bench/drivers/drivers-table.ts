/** The one table of the drivers' costs. Pure. */
import { countText } from '../../../src/report/number-text.ts'
import { textCell, type ReportTable, type TableCell } from '../../../src/report/report-table.ts'
import { spreadOf, spreadText } from '../support/spread.ts'
import { GOAL_HEADS, goalCells } from './goals.ts'
import type { Cost } from './exchange.ts'
import type { Row } from './measure-broker.ts'

const KEYS = ['broker', 'protocol', 'client']

/** A row for each driver and broker; for each window the cost with its range, and the rate of the same runs. */
export function driversTable(rows: readonly Row[], windows: readonly number[]): ReportTable {
  return {
    caption: 'CPU microseconds per message of the generator: median (lowest-highest)',
    keyColumns: KEYS.length,
    groups: [
      ...windows.map((window) => ({ label: `window ${window}`, title: `window ${window}`, span: 2 })),
      { label: 'floor', title: 'bare ping-pong of the same bytes', span: 1 },
      { label: 'goals', title: 'goals on the embedded broker', span: GOAL_HEADS.length },
    ],
    columns: [
      ...KEYS.map((label) => ({ label, align: 'left' }) as const),
      ...windows.flatMap(() => [{ label: 'us', align: 'right' } as const, { label: 'msg/s', align: 'right' } as const]),
      { label: 'us', align: 'right' },
      ...GOAL_HEADS.map((label) => ({ label, align: 'left' }) as const),
    ],
    rows: rows.map((row) => [
      textCell(row.subject.broker),
      textCell(row.subject.protocol),
      textCell(row.subject.client),
      ...windows.flatMap((window) => costCells(row, window)),
      floorCell(row),
      ...goalCells(row, rows),
    ]),
    notes: [],
    remarks: rows.flatMap(remarksOf),
  }
}

function costCells(row: Row, window: number): TableCell[] {
  const costs = row.costs.get(window) ?? []
  const micros = spreadOf(costs.map((cost) => cost.cpuMicrosPerMessage))
  const rate = spreadOf(costs.map((cost) => cost.messagesPerSecond))
  if (micros === null || rate === null) {
    return [textCell(row.refusal === null ? 'failed' : 'not spoken', 'missing'), textCell('')]
  }
  return [textCell(spreadText(micros)), textCell(countText(rate.median))]
}

function floorCell(row: Row): TableCell {
  const floor = spreadOf(row.floors.map((cost) => cost.cpuMicrosPerMessage))
  return textCell(floor === null ? '' : spreadText(floor))
}

function remarksOf({ subject, refusal, failure, costs, floors }: Row): string[] {
  const name = `${subject.protocol} by ${subject.client} on ${subject.broker}`
  return [
    ...(refusal === null ? [] : [`${name}: not spoken, or refused: ${refusal}`]),
    ...(failure === null ? [] : [`${name}: failed at ${failure}`]),
    ...windowOneRemarks(name, costs.get(1)?.at(-1), floors.at(-1)),
  ]
}

/** What window 1 is made of, so that its floor can be judged. */
function windowOneRemarks(name: string, cost: Cost | undefined, floor: Cost | undefined): string[] {
  if (cost === undefined || cost.traffic === null) return []
  const { writes, publishedBytes, confirmBytes, deliveryBytes, acknowledgementBytes } = cost.traffic
  const ofFloor = floor === undefined ? '' : ` (floor ${floor.sleepsPerMessage.toFixed(1)})`
  return [
    `${name}, window 1: ${writes.toFixed(1)} writes and ${cost.sleepsPerMessage.toFixed(1)} sleeps${ofFloor} per message; ` +
      `bytes: message ${Math.round(publishedBytes)}, confirm ${Math.round(confirmBytes)}, ` +
      `delivery ${Math.round(deliveryBytes)}, acknowledgement ${Math.round(acknowledgementBytes)}`,
  ]
}
