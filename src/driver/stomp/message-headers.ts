/**
 * What a message carries beside its body, as headers of SEND and MESSAGE. Pure; used by both STOMP clients. Sources: the
 * "STOMP" pages of ActiveMQ Classic and Artemis (expires, in milliseconds since 1970; priority), RabbitMQ "STOMP plugin"
 * page (properties of AMQP 0-9-1 as headers: expiration, in milliseconds from the publication; priority).
 */
import { DriverError } from '../driver-error.ts'
import type { MessageProperties } from '../driver.ts'
import type { StompDialect, StompHeaders } from './broker-dialect.ts'

/** Names that STOMP or a broker's connector has taken, of those that an application could give. */
const TAKEN = new Set([
  ...['destination', 'subscription', 'ack', 'id', 'receipt', 'transaction', 'selector', 'login', 'passcode'],
  ...['persistent', 'priority', 'expires', 'expiration', 'timestamp', 'redelivered', 'type'],
])

/**
 * The headers that are the same in every message of a producer.
 * @throws DriverError `unsupported` for a header whose name is taken.
 */
export function propertyHeaders(dialect: StompDialect, properties: MessageProperties | undefined): StompHeaders {
  if (properties === undefined) return {}
  const { ttlMs, priority, headers } = properties
  const taken = Object.keys(headers).find((name) => TAKEN.has(name))
  if (taken !== undefined) {
    throw new DriverError('unsupported', `STOMP has a header ${taken} of its own: give the application's another name`)
  }
  return {
    ...headers,
    ...(priority === null ? {} : { priority: String(priority) }),
    ...(ttlMs === null || expiresByClock(dialect) ? {} : { expiration: String(ttlMs) }),
  }
}

/** The broker takes a time to live as the time of day at which it ends: header `expires`, not among the constant ones. */
export function expiresByClock(dialect: StompDialect): boolean {
  return dialect !== 'RabbitMQ'
}

/** What a MESSAGE carries. @param nowMs milliseconds since 1970, to tell what is left of the time to live. */
export function propertiesOf(
  headers: Iterable<readonly [name: string, value: string]>,
  nowMs: number,
): MessageProperties {
  let ttlMs: number | null = null
  let priority: number | null = null
  const own: Record<string, string> = {}
  for (const [name, value] of headers) {
    if (name === 'priority') priority = Number(value)
    else if (name === 'expiration') ttlMs = Number(value)
    // 0 is JMS for never.
    else if (name === 'expires' && value !== '0') ttlMs = Math.max(1, Number(value) - nowMs)
    else if (/^\w+$/.test(name) && !TAKEN.has(name)) own[name] ??= value
  }
  return { ttlMs, priority, headers: own }
}
