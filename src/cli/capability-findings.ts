/** A cell held against what a driver can do. Pure: the sentence names what is missing and what to change. */
import type { Capabilities, Support, Transport } from '../driver/capabilities.ts'
import type { Cell } from '../workload/cell.ts'
import { isDurable, isShared } from '../workload/subscription.ts'
import type { Problem } from '../workload/problem.ts'

export interface CapabilityFindings {
  readonly problems: readonly Problem[]
  readonly notes: readonly string[]
}

/** @param driverName `mqtt by mqtt 5.16.0`: begins every sentence. */
export function capabilityFindings(
  cell: Cell,
  transports: readonly Transport[],
  capabilities: Capabilities,
  driverName: string,
): CapabilityFindings {
  const problems: Problem[] = []
  const notes: string[] = []
  const refuse = (path: string, lack: string): void => {
    problems.push({ path, text: `${driverName} ${lack}` })
  }
  const weigh = (path: string, support: Support, what: string): void => {
    if (support === 'none') refuse(path, `has no ${what}`)
    if (support === 'imitated') notes.push(`${driverName} only imitates ${what}`)
  }

  for (const transport of new Set(transports)) {
    if (!capabilities.transports.includes(transport)) refuse(cell.target, `does not run over ${transport}`)
  }
  weigh('destination.kind', capabilities[KIND[cell.destination.kind]], KIND[cell.destination.kind])
  if (competes(cell)) weigh('destination.layout', capabilities.competingConsumers, 'competing consumers on one queue')
  if (Object.keys(cell.destination.arguments).length > 0 && !capabilities.declareArguments) {
    refuse(
      'destination.arguments',
      'cannot declare a queue with arguments: declare it by hand and set destination.name and destination.declare=false',
    )
  }
  checkDelivery(cell, capabilities, refuse, notes, driverName)
  return { problems, notes }
}

const KIND = { queue: 'queues', topic: 'topics' } as const

function checkDelivery(
  cell: Cell,
  capabilities: Capabilities,
  refuse: (path: string, lack: string) => void,
  notes: string[],
  driverName: string,
): void {
  const { delivery, load, crew } = cell
  if (crew.producers > 0 && delivery.confirm && !capabilities.confirms) {
    refuse('delivery.confirm', 'gets no confirms: set delivery.confirm to false, with an open model')
  }
  if (crew.producers > 0 && load.inFlight > 1 && delivery.confirm && !capabilities.pipelining) {
    refuse('load.inFlight', 'has one unconfirmed message at a time: set load.inFlight to 1')
  }
  const inMemory = capabilities.transports.every((transport) => transport === 'memory')
  if (delivery.persistent && !capabilities.durable && inMemory) {
    notes.push(`${driverName} keeps nothing on a disk: persistent means nothing there`)
  } else if (delivery.persistent && !capabilities.durable) {
    refuse('delivery.persistent', 'has no persistent messages: set delivery.persistent to false')
  }
  checkProperties(cell, capabilities, refuse)
  if (crew.consumers > 0 && !capabilities.acknowledge.includes(delivery.acknowledge.kind)) {
    refuse('delivery.acknowledge', `acknowledges ${capabilities.acknowledge.join(' or ')} only`)
  }
  if (crew.consumers > 0 && !capabilities.prefetch) {
    notes.push(`${driverName} cannot set the prefetch: it is the broker's own`)
  }
}

function checkProperties(cell: Cell, capabilities: Capabilities, refuse: (path: string, lack: string) => void): void {
  const { crew, delivery } = cell
  const { ttlMs, priority, headers, transactionMessages, subscription } = delivery
  if (transactionMessages !== null && !capabilities.transactions) {
    refuse('delivery.transactionMessages', 'has no transactions: leave it out')
  }
  if (crew.producers > 0) {
    if (delivery.messagePerWrite && capabilities.messagePerWrite !== true) {
      refuse('delivery.messagePerWrite', 'cannot say when it writes: leave it out')
    }
    if (ttlMs !== null && !capabilities.ttl) refuse('delivery.ttlMs', 'has no time to live: leave it out')
    if (priority !== null && !capabilities.priority) refuse('delivery.priority', 'has no priorities: leave it out')
    if (Object.keys(headers).length > 0 && !capabilities.headers) {
      refuse('delivery.headers', 'carries no headers: leave them out')
    }
  }
  if (crew.consumers === 0) return
  if (isDurable(subscription) && !capabilities.durableSubscriptions) {
    refuse('delivery.subscription', 'has no durable subscriptions')
  }
  if (isShared(subscription) && !capabilities.sharedSubscriptions) {
    refuse('delivery.subscription', 'has no shared subscriptions')
  }
}

/** More consumers than destinations: some of them share one. Subscribers of a topic do not compete. */
function competes(cell: Cell): boolean {
  if (cell.destination.kind === 'topic') return false
  return cell.crew.consumers > destinationsOf(cell)
}

/** How many destinations a cell uses. */
export function destinationsOf(cell: Pick<Cell, 'layout' | 'crew'>): number {
  switch (cell.layout.kind) {
    case 'per-pair':
      return Math.max(cell.crew.producers, cell.crew.consumers)
    case 'shared':
      return 1
    case 'count':
      return cell.layout.count
  }
}
