/** Destinations of one cell: made before it, removed after it, and what could not be removed is said. */
import { removeThroughManagement } from '../broker/management/remove-through-management.ts'
import { toDriverError } from '../driver/driver-error.ts'
import type { Admin, Destination, Driver } from '../driver/driver.ts'
import type { Endpoint } from '../driver/endpoint.ts'
import type { DestinationPlan } from '../workload/workload.ts'

/** Removals under way at a time. */
const REMOVALS_AT_ONCE = 8

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
  removeAll(clientIds: readonly string[], isEmpty: boolean): Promise<readonly string[]>
  close(): Promise<void>
}

export async function keepDestinations(
  driver: Driver,
  endpoint: Endpoint,
  timeoutMs: number,
  destinations: readonly Destination[],
  plan: DestinationPlan,
  managementUrl: string | null,
): Promise<DestinationKeeper> {
  const attempted = `connecting to ${endpoint.host}:${endpoint.port}`
  const admin = await driver.openAdmin(endpoint, { timeoutMs }).catch((error: unknown) => {
    throw toDriverError(error, attempted)
  })
  return {
    declareAll: async () => {
      if (!plan.declare) return
      for (const destination of destinations)
        await admin.declare(destination, { arguments: plan.arguments, durable: true })
    },
    depth: async () => {
      let total = 0
      for (const destination of destinations) {
        const depth = await (admin.depth?.(destination) ?? Promise.resolve(null)).catch(() => null)
        if (depth === null) return null
        total += depth
      }
      return total
    },
    removeAll: async (clientIds, isEmpty) => {
      if (!plan.declare) return []
      if (managementUrl !== null) return removeByManagement(managementUrl, destinations)
      const canOnlyEmpty = !driver.capabilities.removeQueue
      if (canOnlyEmpty && isEmpty) return destinations.map(({ name }) => name)
      return removeEach(admin, destinations, clientIds)
    },
    close: () => admin.close(),
  }
}

async function removeByManagement(url: string, destinations: readonly Destination[]): Promise<readonly string[]> {
  const removals = await removeThroughManagement(url, destinations)
  return destinations.filter((_, index) => removals[index] !== 'removed').map(({ name }) => name)
}

async function removeEach(
  admin: Admin,
  destinations: readonly Destination[],
  clientIds: readonly string[],
): Promise<readonly string[]> {
  const remaining: string[] = []
  const queue = destinations.map((destination, index) => ({
    destination,
    clientIds: clientIdsAt(clientIds, index, destinations.length),
  }))
  const removeNext = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const removal = await admin.remove(next.destination, next.clientIds).catch(() => 'remains' as const)
      if (removal !== 'removed') remaining.push(next.destination.name)
    }
  }
  await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, removeNext))
  return remaining
}

/** Producer or consumer i uses destination i modulo their number, and the ids come in that order. */
function clientIdsAt(clientIds: readonly string[], destination: number, destinations: number): readonly string[] {
  return clientIds.filter((id) => Number(/\d+$/.exec(id)?.[0] ?? 0) % destinations === destination)
}
