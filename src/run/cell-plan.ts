/** From a cell to what its workers are told: destinations, shares, tasks. Pure. */
import type { ClientKind, Destination, KeptSubscription } from '../driver/driver.ts'
import type { Endpoint } from '../driver/endpoint.ts'
import type { PacerMode } from '../pacing/pacer.ts'
import { shareOut } from '../pacing/share.ts'
import type { ReceiverScope } from '../measure/reconcile.ts'
import type { Cell } from '../workload/cell.ts'
import { destinationsAtEnd } from '../workload/different-ends.ts'
import { messageTimes } from '../workload/message-times.ts'
import { isDurable, isShared, subscriptionName } from '../workload/subscription.ts'
import type { CrewTask } from '../worker/crew.ts'
import type { TaskEnd } from '../worker/messages.ts'
import type { CellShape } from './cell-result.ts'
import type { FollowedFlow } from './flight-follower.ts'

/** How many destinations a cell spreads over. */
export function destinationCount(cell: Cell): number {
  switch (cell.layout.kind) {
    case 'shared':
      return 1
    case 'per-pair':
      return Math.max(cell.crew.producers, cell.crew.consumers)
    case 'count':
      return cell.layout.count
  }
}

/**
 * The destinations of a cell: of the workload's name where it gives one (`NAME`, or `NAME-0`, `NAME-1` ...), else of
 * this cell alone.
 * @param headerRun the cell's 32 random bits: no two cells or runs share a destination by chance.
 */
export function destinationsOf(cell: Cell, headerRun: number): readonly Destination[] {
  const count = destinationCount(cell)
  const base = cell.destination.name ?? `brokermark-${headerRun.toString(16).padStart(8, '0')}`
  return Array.from({ length: count }, (_, index) => ({
    kind: cell.destination.kind,
    name: count === 1 && cell.layout.kind === 'shared' ? base : `${base}-${index}`,
  }))
}

/** Whether all consumers of a destination get each message once between them: a queue, or a shared subscription. */
export function sharesMessages(cell: Pick<Cell, 'destination' | 'delivery'>): boolean {
  return cell.destination.kind === 'queue' || isShared(cell.delivery.subscription)
}

/** Which producers each receiver must hear: all of a queue's consumers are one receiver, each subscription is one. */
export function receiverScopes(cell: Cell): readonly ReceiverScope[] {
  const { producers, consumers } = cell.crew
  const destinations = destinationCount(cell)
  const producersOf = (destination: number) =>
    indices(producers).filter((producer) => producer % destinations === destination)
  if (sharesMessages(cell)) {
    const heard = indices(destinations).filter((destination) => destination < consumers)
    return [{ scope: 0, producers: heard.flatMap(producersOf) }]
  }
  return indices(consumers).map((consumer) => ({ scope: consumer, producers: producersOf(consumer % destinations) }))
}

/** Deliveries that one message must lead to: 1 for a queue or a shared subscription, the subscriptions of its topic, 0 without consumers. */
export function deliveriesPerMessage(cell: Cell): number {
  if (cell.crew.consumers === 0 || cell.crew.producers === 0) return 0
  return sharesMessages(cell) ? 1 : cell.crew.consumers / destinationCount(cell)
}

/** Whether several consumers share a queue. */
export function isCompeting(cell: Cell): boolean {
  return cell.destination.kind === 'queue' && cell.crew.consumers > destinationCount(cell)
}

/** What `tasksOf` needs beside the cell. */
export interface TaskFacts {
  /** Of the producers, and of the consumers where the cell has no end for them alone. */
  readonly endpoint: Endpoint
  readonly consumerEndpoint: Endpoint
  readonly threads: number
  readonly headerRun: number
  readonly epochNs: bigint
  readonly payloadFile: Uint8Array | null
  readonly traceUs: Float64Array | null
  /** How workers wait for their slots; absent: as their rates have it. */
  readonly pacerMode?: PacerMode
  /** One memory per worker, made by the caller; at least as many as there are shares. */
  readonly allocate: () => SharedArrayBuffer
}

/** One task per worker that has anything to do. */
export function tasksOf(cell: Cell, facts: TaskFacts): readonly CrewTask[] {
  const shares = shareOut(cell.crew.producers, cell.crew.consumers, facts.threads)
  const destinations = destinationsOf(cell, facts.headerRun)
  const endOf = (client: ClientKind, endpoint: Endpoint): TaskEnd => ({
    client,
    endpoint,
    destinations: destinationsAtEnd(destinations, endpoint.protocol, cell),
  })
  const producerEnd = endOf(cell.client, facts.endpoint)
  const consumerEnd = cell.consumer === null ? producerEnd : endOf(cell.consumer.client, facts.consumerEndpoint)
  return shares.map((share) => ({
    producerEnd,
    consumerEnd,
    connectTimeoutMs: cell.connect.timeoutSeconds * 1_000,
    connectionsPerSecond: cell.connect.perSecond / shares.length,
    share,
    producersTotal: cell.crew.producers,
    competing: isCompeting(cell),
    perSubscription: !sharesMessages(cell),
    clientIdPrefix: clientIdPrefix(facts.headerRun),
    load: cell.load,
    delivery: cell.delivery,
    messageBytes: cell.messageBytes,
    payload: cell.payload.content,
    payloadFile: facts.payloadFile,
    traceUs: facts.traceUs,
    messagesPerProducer: cell.phases.messagesPerProducer,
    ...(facts.pacerMode === undefined ? {} : { pacerMode: facts.pacerMode }),
    headerRun: facts.headerRun,
    epochNs: facts.epochNs,
    memory: facts.allocate(),
  }))
}

/** Every client id of a cell: MQTT needs them to end the sessions that the broker keeps. */
export function clientIdsOf(cell: Cell, headerRun: number): readonly string[] {
  const prefix = clientIdPrefix(headerRun)
  return [
    ...indices(cell.crew.producers).map((index) => `${prefix}-p${index}`),
    ...indices(cell.crew.consumers).map((index) => `${prefix}-c${index}`),
  ]
}

/** For each destination, in order: the subscriptions that the broker keeps when the cell's consumers have gone. */
export function keptSubscriptionsOf(cell: Cell, headerRun: number): readonly (readonly KeptSubscription[])[] {
  const kind = cell.delivery.subscription
  if (!isDurable(kind)) return []
  const prefix = clientIdPrefix(headerRun)
  const { length } = destinationsOf(cell, headerRun)
  return indices(length).map((destination) => {
    const consumers = indices(cell.crew.consumers).filter((consumer) => consumer % length === destination)
    const named = consumers.map((consumer): [string, KeptSubscription] => {
      const name = subscriptionName(kind, prefix, consumer, length)
      return [name, { clientId: `${prefix}-c${consumer}`, subscription: { kind, name } }]
    })
    return [...new Map(named).values()]
  })
}

function clientIdPrefix(headerRun: number): string {
  return `bm${headerRun.toString(16).padStart(8, '0')}`
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** The latency that heads tables and intervals: end-to-end or, without consumers or times, publish. */
export function headlineMetric(
  cell: Cell,
): 'endToEndService' | 'endToEndResponse' | 'publishService' | 'publishResponse' {
  const isEndToEnd = cell.crew.consumers > 0 && messageTimes(cell.load, cell.messageBytes) !== 'unknown'
  if (cell.load.model === 'open') return isEndToEnd ? 'endToEndResponse' : 'publishResponse'
  return isEndToEnd ? 'endToEndService' : 'publishService'
}

/** What of a cell decides which figures exist. */
export function shapeOf(cell: Cell): CellShape {
  return {
    isOpen: cell.load.model === 'open',
    hasProducers: cell.crew.producers > 0,
    hasConsumers: cell.crew.consumers > 0,
    confirm: cell.delivery.confirm,
    times: messageTimes(cell.load, cell.messageBytes),
  }
}

/**
 * What Little's check follows (method.md R5.6): deliveries, or confirms where there is nobody to deliver to or messages do
 * not carry when they were sent. Null in a closed model, whose messages in flight are known, and where neither is timed.
 */
export function followedFlow(cell: Cell): FollowedFlow | null {
  const { isOpen, hasProducers, hasConsumers, confirm, times } = shapeOf(cell)
  if (!isOpen || !hasProducers) return null
  if (hasConsumers && times === 'carried') return { metric: 'endToEndService', perMessage: deliveriesPerMessage(cell) }
  return confirm ? { metric: 'publishService', perMessage: 1 } : null
}
