/** How long a run will take, before it is started. Pure; an estimate, not a promise. */
import type { Cell } from './cell.ts'

/** A drain that misses nothing ends after 20 x p99.9, at least 200 ms; opening and closing come on top. */
const DRAIN_AND_CLOSE_SECONDS = 1

/** Connections that a cell holds open at once: one per producer and consumer, and one per end for declaring. */
export function connectionsOf(cell: Cell): number {
  return cell.crew.producers + cell.crew.consumers + (cell.consumer === null ? 1 : 2)
}

/** Seconds of one cell, without the warm-up of its broker. By a number of messages it is the limit that counts. */
export function estimateSeconds(cell: Cell): number {
  const { phases, connect } = cell
  const ramp = connectionsOf(cell) / connect.perSecond
  return ramp + phases.warmupSeconds + measureSecondsOf(cell) + Math.min(DRAIN_AND_CLOSE_SECONDS, phases.drainSeconds)
}

/** Seconds of the cells from a place on, repetitions among them; brokers are warmed up whenever their turn comes. */
export function estimateCampaignSeconds(cells: readonly Cell[], from = 0): number {
  let seconds = 0
  for (const [index, cell] of cells.entries()) {
    if (index < from) continue
    const before = cells[index - 1]
    const isTurn = before?.targetIndex !== cell.targetIndex || before.repetition !== cell.repetition
    if (isTurn) seconds += cell.phases.clientWarmupSeconds + cell.phases.brokerWarmupSeconds
    seconds += estimateSeconds(cell)
  }
  return seconds
}

function measureSecondsOf(cell: Cell): number {
  const { phases, load, crew } = cell
  if (phases.messagesPerProducer === null || load.model === 'closed') return phases.measureSeconds
  const scheduled = (phases.messagesPerProducer * crew.producers) / load.ratePerSecond
  return Math.min(scheduled, phases.measureSeconds)
}
