/** Which end of a cell declares, counts and removes its destinations: no protocol can do all of it. Pure. */
import type { Capabilities } from '../driver/capabilities.ts'
import type { Destination, Protocol } from '../driver/driver.ts'

/** What of an end decides: the protocol's own abilities. */
export interface KeeperEnd {
  readonly driver: { readonly protocol: Protocol; readonly capabilities: Capabilities }
}

/** The end that declares: one that can with arguments, for others only attach or do nothing; else the consumers'. */
export function declaringEnd<E extends KeeperEnd>(producers: E, consumers: E): E {
  return [consumers, producers].find(({ driver }) => driver.capabilities.declareArguments) ?? consumers
}

/**
 * The ends to ask for a removal, in this order, until one says that it is done. A queue goes by whoever can delete it. Of
 * a topic what may stay behind are its subscriptions, which are the consumers'; OpenWire alone can delete one by name.
 */
export function removingEnds<E extends KeeperEnd>(kind: Destination['kind'], producers: E, consumers: E): readonly E[] {
  if (producers === consumers) return [consumers]
  const canDelete = ({ driver }: E): boolean =>
    driver.capabilities.removeQueue && (kind === 'queue' || driver.protocol === 'openwire')
  if (kind === 'topic') return canDelete(producers) ? [consumers, producers] : [consumers]
  return [[consumers, producers].find(canDelete) ?? consumers]
}
