/** Destinations of one cell: made before it, removed after it, and what could not be removed is said. */
import { removeThroughManagement } from '../broker/management/remove-through-management.ts'
import { toDriverError } from '../driver/driver-error.ts'
import type { Admin, Destination, Driver, KeptSubscription } from '../driver/driver.ts'
import type { Endpoint } from '../driver/endpoint.ts'
import type { DestinationPlan } from '../workload/workload.ts'
import { declaringEnd, removingEnds } from './keeper-ends.ts'

/** Removals under way at a time. */
const REMOVALS_AT_ONCE = 8

/** What the clients of a cell may leave on a broker beside its destinations. */
export interface LeftBehind {
  readonly clientIds: readonly string[]
  /** Subscriptions that the broker keeps, for each destination in order; empty where there are none. */
  readonly kept: readonly (readonly KeptSubscription[])[]
}

export interface DestinationKeeper {
  /** @throws DriverError */
  declareAll(): Promise<void>
  /** Messages lying in all destinations together; null when the protocol cannot tell. Never rejects. */
  depth(): Promise<number | null>
  /**
   * Removes what the run made. Never rejects.
   * @param isEmpty the ledger shows that nothing is left in them, so a protocol that can only empty has nothing to do.
   * @returns names that remain on the broker.
   */
  removeAll(left: LeftBehind, isEmpty: boolean): Promise<readonly string[]>
  close(): Promise<void>
}

/** A way to the broker. */
export interface KeeperWay {
  readonly driver: Driver
  readonly endpoint: Endpoint
}

/** The ways of both ends; one and the same object where they do not differ. */
export interface KeeperWays {
  readonly producers: KeeperWay
  readonly consumers: KeeperWay
}

export async function keepDestinations(
  ways: KeeperWays,
  timeoutMs: number,
  destinations: readonly Destination[],
  plan: DestinationPlan,
  managementUrl: string | null,
): Promise<DestinationKeeper> {
  const consumers = await openEnd(ways.consumers, timeoutMs)
  const producers =
    ways.producers === ways.consumers ? consumers : await openEndOrClose(ways.producers, timeoutMs, consumers)
  const ends = new Set([consumers, producers])
  return {
    declareAll: async () => {
      if (!plan.declare) return
      const { admin } = declaringEnd(producers, consumers)
      for (const destination of destinations)
        await admin.declare(destination, { arguments: plan.arguments, durable: true })
    },
    depth: async () => {
      for (const { admin } of ends) {
        const depth = await depthOf(admin, destinations)
        if (depth !== null) return depth
      }
      return null
    },
    removeAll: async (leftBehind, isEmpty) => {
      if (!plan.declare) return []
      const isSubscribed = leftBehind.kept.some(({ length }) => length > 0)
      let remaining = removals(destinations, leftBehind)
      if (managementUrl === null || isSubscribed) {
        for (const { admin, driver } of removingEnds(destinations[0]?.kind ?? 'queue', producers, consumers)) {
          const canOnlyEmpty = !driver.capabilities.removeQueue
          if (!canOnlyEmpty || !isEmpty || isSubscribed) remaining = await removeEach(admin, remaining)
        }
      }
      const left = remaining.map(({ destination }) => destination)
      return managementUrl === null ? left.map(({ name }) => name) : removeByManagement(managementUrl, left)
    },
    close: async () => {
      for (const { admin } of ends) await admin.close()
    },
  }
}

interface OpenEnd extends KeeperWay {
  readonly admin: Admin
}

async function openEnd({ driver, endpoint }: KeeperWay, timeoutMs: number): Promise<OpenEnd> {
  const attempted = `connecting to ${endpoint.host}:${endpoint.port}`
  const admin = await driver.openAdmin(endpoint, { timeoutMs }).catch((error: unknown) => {
    throw toDriverError(error, attempted)
  })
  return { driver, endpoint, admin }
}

/** As `openEnd`; what is open already is closed where this fails. */
async function openEndOrClose(way: KeeperWay, timeoutMs: number, open: OpenEnd): Promise<OpenEnd> {
  try {
    return await openEnd(way, timeoutMs)
  } catch (error) {
    await open.admin.close()
    throw error
  }
}

async function depthOf(admin: Admin, destinations: readonly Destination[]): Promise<number | null> {
  let total = 0
  for (const destination of destinations) {
    const depth = await (admin.depth?.(destination) ?? Promise.resolve(null)).catch(() => null)
    if (depth === null) return null
    total += depth
  }
  return total
}

async function removeByManagement(url: string, destinations: readonly Destination[]): Promise<readonly string[]> {
  const removals = await removeThroughManagement(url, destinations)
  return destinations.filter((_, index) => removals[index] !== 'removed').map(({ name }) => name)
}

/** One destination with what its clients may have left. */
interface PendingRemoval {
  readonly destination: Destination
  readonly clientIds: readonly string[]
  readonly kept: readonly KeptSubscription[]
}

function removals(destinations: readonly Destination[], { clientIds, kept }: LeftBehind): readonly PendingRemoval[] {
  return destinations.map((destination, index) => ({
    destination,
    clientIds: clientIdsAt(clientIds, index, destinations.length),
    kept: kept[index] ?? [],
  }))
}

/** @returns what could not be removed. */
async function removeEach(admin: Admin, removals: readonly PendingRemoval[]): Promise<readonly PendingRemoval[]> {
  const remaining: PendingRemoval[] = []
  const queue = [...removals]
  const removeNext = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { destination, clientIds, kept } = next
      const removal = await admin.remove(destination, clientIds, kept).catch(() => 'remains' as const)
      if (removal !== 'removed') remaining.push(next)
    }
  }
  await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, removeNext))
  return remaining
}

/** Producer or consumer i uses destination i modulo their number, and the ids come in that order. */
function clientIdsAt(clientIds: readonly string[], destination: number, destinations: number): readonly string[] {
  return clientIds.filter((id) => Number(/\d+$/.exec(id)?.[0] ?? 0) % destinations === destination)
}
