import type { Cell } from '../workload/cell.ts'
import type { CellPlace } from './cell-record.ts'
import { findFloor } from './floor/cell-floor.ts'
import type { RepetitionPlan } from './repetition.ts'
import { driverOf } from './target-session.ts'

/** What is known of a cell before it begins: its clients, its floor, its place in the order. */
export async function placeOf(plan: RepetitionPlan, cell: Cell): Promise<CellPlace> {
  const driver = await driverOf(cell.protocol, cell.client)
  const { consumer } = cell
  const threadCount = Math.min(plan.threads, Math.max(cell.crew.producers, cell.crew.consumers))
  return {
    driver,
    consumerDriver: consumer === null ? driver : await driverOf(consumer.protocol, consumer.client),
    threadCount,
    floor: findFloor(cell, plan.targets, plan.floors, threadCount),
    order: plan.orderFrom + plan.cells.indexOf(cell),
  }
}
