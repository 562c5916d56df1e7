import type { Subscription } from '../driver/driver.ts'

/** Whether all consumers of a subscription get each message once between them. */
export function isShared(kind: Subscription['kind']): boolean {
  return kind === 'shared' || kind === 'shared-durable'
}

/** Whether the broker keeps the subscription while nobody is connected. */
export function isDurable(kind: Subscription['kind']): kind is 'durable' | 'shared-durable' {
  return kind === 'durable' || kind === 'shared-durable'
}

/**
 * What a run calls the subscription of a consumer: like the consumer where it alone subscribes, like the destination where
 * its consumers share one.
 * @param clientIdPrefix of the cell. @param consumer its index. @param destinations how many the cell has.
 */
export function subscriptionName(
  kind: Subscription['kind'],
  clientIdPrefix: string,
  consumer: number,
  destinations: number,
): string {
  return isShared(kind) ? `${clientIdPrefix}-d${consumer % destinations}` : `${clientIdPrefix}-c${consumer}`
}
