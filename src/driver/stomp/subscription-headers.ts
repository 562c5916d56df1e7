/**
 * Durable and shared subscriptions to topics, which STOMP leaves to the broker. Pure; used by both STOMP clients. Sources:
 * ActiveMQ Classic "STOMP" page (activemq.subscriptionName with CONNECT's client-id), Artemis user manual, chapter "STOMP"
 * (durable-subscription-name with client-id), and its chapter on addresses (a queue by its fully qualified name), RabbitMQ "STOMP plugin" page (durable, auto-delete, x-queue-name).
 */
import { DriverError } from '../driver-error.ts'
import type { Destination, Subscription } from '../driver.ts'
import type { StompDialect, StompHeaders } from './broker-dialect.ts'

const PLAIN: Subscription = { kind: 'plain' }

/**
 * What CONNECT says as `client-id`; null: nothing, and none is needed. A durable subscription belongs to its client id, so
 * Artemis shares one between clients that have the same id.
 */
export function connectClientId(subscription: Subscription = PLAIN, clientId: string): string | null {
  switch (subscription.kind) {
    case 'durable':
      return clientId
    case 'shared-durable':
      return subscription.name
    case 'plain':
    case 'shared':
      return null
  }
}

/**
 * Headers of SUBSCRIBE that make the subscription what it is to be; a `destination` among them takes the usual one's place.
 * @throws DriverError `unsupported` where the broker has no such subscription over STOMP.
 */
export function subscriptionHeaders(
  dialect: StompDialect,
  subscription: Subscription = PLAIN,
  clientId: string,
  topic: Destination,
): StompHeaders {
  if (subscription.kind === 'plain') return {}
  const { kind, name } = subscription
  switch (dialect) {
    case 'RabbitMQ': {
      const queue = kind === 'durable' ? `${clientId}.${name}` : name
      const isDurable = kind !== 'shared'
      return {
        'x-queue-name': queue,
        durable: String(isDurable),
        'auto-delete': String(!isDurable),
        exclusive: 'false',
      }
    }
    case 'ActiveMQ':
      if (kind === 'durable') return { 'activemq.subscriptionName': name }
      break
    case 'Artemis':
      // A queue of the topic by its own name goes when nobody is there, as a shared subscription is to.
      return kind === 'shared' ? { destination: `${topic.name}::${name}` } : { 'durable-subscription-name': name }
    case 'brokermark embedded':
    case 'other':
  }
  throw new DriverError('unsupported', `${productOf(dialect)} has no ${kind} subscriptions over STOMP`)
}

/** @throws DriverError `unsupported` where the broker does not end transactions as STOMP says. */
export function requireTransactions(dialect: StompDialect, of: 'messages' | 'acknowledgements'): void {
  // Artemis logs that it does not do it, and acknowledges at once.
  const isLacking = dialect === 'brokermark embedded' || (dialect === 'Artemis' && of === 'acknowledgements')
  if (isLacking) throw new DriverError('unsupported', `${productOf(dialect)} has no transactions of ${of} over STOMP`)
}

function productOf(dialect: StompDialect): string {
  return dialect === 'other' ? 'this broker' : dialect
}
