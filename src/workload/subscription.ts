import type { Subscription } from '../driver/driver.ts'

/** Whether all consumers of a subscription get each message once between them. */
export function isShared(kind: Subscription['kind']): boolean {
  return kind === 'shared' || kind === 'shared-durable'
}

/** Whether the broker keeps the subscription while nobody is connected. */
export function isDurable(kind: Subscription['kind']): boolean {
  return kind === 'durable' || kind === 'shared-durable'
}
