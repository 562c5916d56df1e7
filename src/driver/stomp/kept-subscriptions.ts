import type { ConnectOptions, Destination, KeptSubscription } from '../driver.ts'
import { removeEach } from '../remove-each.ts'
import type { Endpoint } from '../endpoint.ts'
import { subscribeHeaders } from './broker-dialect.ts'
import { connectClientId, subscriptionHeaders } from './subscription-headers.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'

const SUBSCRIPTION_ID = 'removing'

/**
 * Deletes subscriptions that outlive their consumers, each on a connection of its own that has its client id. For the
 * admin of either client: only the broker's dialect of UNSUBSCRIBE matters. Sources as in `subscription-headers.ts`.
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
  const ask = { clientId: connectClientId(subscription, clientId) }
  const session = await WireSession.open(endpoint, options, NOBODY, ask)
  try {
    const { dialect } = session
    const headers = subscriptionHeaders(dialect, subscription, clientId, topic)
    const ids = { id: SUBSCRIPTION_ID, ...headers }
    if (dialect === 'RabbitMQ') {
      // It deletes the queue of a subscription that is there.
      const there = { destination: topic, acknowledge: { kind: 'each' }, prefetch: 1, bodyBytesMax: 1 } as const
      const asked = subscribeHeaders(dialect, { ...there, subscription, clientId }, SUBSCRIPTION_ID)
      await session.request('SUBSCRIBE', asked, 'subscribe', options.timeoutMs)
    }
    await session.request('UNSUBSCRIBE', ids, 'unsubscribe', options.timeoutMs)
  } finally {
    await session.close()
  }
}

function ignore(): void {
  // Nothing is delivered that anybody wants, and a loss is the error of the request.
}

const NOBODY: SessionOwner = {
  onMessage: ignore,
  onReceipt: ignore,
  onTurnEnd: ignore,
  onBlocked: ignore,
  onDrain: ignore,
  onLost: ignore,
}
