import type { ConnectOptions, Destination, KeptSubscription } from '../driver.ts'
import { removeEach } from '../remove-each.ts'
import type { Endpoint } from '../endpoint.ts'
import { consumerLinkAsk } from './subscription.ts'
import { WireLink } from './wire-link.ts'
import type { LinkOwner } from './wire-link-owner.ts'

/**
 * Deletes subscriptions that outlive their links: attached again under the same container and name, a link that is closed,
 * and not only detached, ends its subscription. For the admin of either client.
 * @returns whether all are gone. Never rejects.
 */
export function removeKept(
  endpoint: Endpoint,
  options: ConnectOptions,
  topic: Destination,
  kept: readonly KeptSubscription[],
): Promise<boolean> {
  return removeEach(kept, (each) => removeOne(endpoint, options, topic, each))
}

async function removeOne(
  endpoint: Endpoint,
  options: ConnectOptions,
  topic: Destination,
  { clientId, subscription }: KeptSubscription,
): Promise<void> {
  const attempted = `deleting the subscription ${subscription.name} to topic ${topic.name}`
  const deadline = AbortSignal.timeout(options.timeoutMs)
  const link = await WireLink.open(endpoint, options, clientId, NOBODY)
  try {
    const { termini, linkName } = consumerLinkAsk({ destination: topic, clientId, subscription }, link.identity)
    await link.attach({ role: 'receiver', isSettled: false, termini, linkName, attempted }, deadline)
    await link.detach(deadline)
  } finally {
    await link.close()
  }
}

function ignore(): void {
  // Without credit nothing comes, and a loss is the error of the request.
}

const NOBODY: LinkOwner = {
  onTransfer: ignore,
  onDisposition: ignore,
  onFlow: ignore,
  onTurnEnd: ignore,
  onBlocked: ignore,
  onDrain: ignore,
  onLost: ignore,
}
