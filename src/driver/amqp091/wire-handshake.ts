import type { Tuning } from '../../protocol/amqp091/client-methods.ts'
import type { FieldTable, FieldValue } from '../../protocol/amqp091/field-table.ts'
import { FRAME_BYTES_MIN } from '../../protocol/amqp091/limits.ts'
import type { Reply } from '../../protocol/amqp091/server-methods.ts'
import { DriverError } from '../driver-error.ts'
import type { BrokerIdentity } from '../driver.ts'
import { sessionError } from './session-error.ts'

/** Each publisher and consumer has a connection of its own, and on it this one channel. */
export const CHANNEL = 1
/** What RabbitMQ offers by default; a broker that offers more gets this. */
const FRAME_BYTES_MAX = 128 * 1024
const HEARTBEAT_SECONDS = 30
const ACCESS_REFUSED = 403
const NOT_ALLOWED = 530

/** How far the handshake has come: what an end of the connection means depends on it. */
export type HandshakeStep = 'greeting' | 'login' | 'opening' | 'done'

/** What we say of ourselves; without the capabilities RabbitMQ would hide the events that a publisher lives by. */
export function clientProperties(connectionName: string): FieldTable {
  const capabilities = [
    'publisher_confirms',
    'basic.nack',
    'consumer_cancel_notify',
    'connection.blocked',
    'authentication_failure_close',
  ]
  return new Map<string, FieldValue>([
    ['product', 'brokermark'],
    ['platform', 'Node.js'],
    ['connection_name', connectionName],
    ['capabilities', new Map(capabilities.map((name) => [name, true]))],
  ])
}

/** Product and version of the broker's server properties. */
export function identityOf(serverProperties: FieldTable): BrokerIdentity {
  const textOf = (name: string): string | null => {
    const value = serverProperties.get(name)
    return typeof value === 'string' ? value : null
  }
  return { product: textOf('product'), version: textOf('version') }
}

/**
 * What both sides keep to: the broker's frame-max up to 128 KiB, one channel, and the shorter of both heart-beats (the
 * other's where one has none, `?heartbeat=0` switches them off).
 * @throws DriverError `protocol-error` for a frame-max below the specification's least.
 */
export function negotiate(offered: Tuning, options: Readonly<Record<string, string>>, attempted: string): Tuning {
  const { frameBytesMax } = offered
  if (frameBytesMax !== 0 && frameBytesMax < FRAME_BYTES_MIN) {
    const sentence = `${attempted}: the broker's frame-max of ${frameBytesMax} is less than AMQP 0-9-1 allows`
    throw new DriverError('protocol-error', sentence)
  }
  const wantedSeconds = Math.min(Number(options['heartbeat'] ?? HEARTBEAT_SECONDS), 0xffff)
  const heartbeatSeconds =
    wantedSeconds === 0 || offered.heartbeatSeconds === 0
      ? wantedSeconds
      : Math.min(wantedSeconds, offered.heartbeatSeconds)
  return {
    channelMax: CHANNEL,
    frameBytesMax: frameBytesMax === 0 ? FRAME_BYTES_MAX : Math.min(frameBytesMax, FRAME_BYTES_MAX),
    heartbeatSeconds,
  }
}

/** A connection that ended without a word: in the handshake that has a meaning. */
export function endedError(step: HandshakeStep, cause: DriverError, attempted: string): DriverError {
  if (cause.code !== 'closed') return cause
  switch (step) {
    case 'greeting':
      return new DriverError(
        'wrong-protocol',
        `${attempted}: ended without a word: no AMQP 0-9-1 there, or one connection too many?`,
        { cause },
      )
    // The specification's way to refuse a login, for clients that do not announce `authentication_failure_close`.
    case 'login':
      return new DriverError('authentication', `${attempted}: the broker hung up on the user or password`, { cause })
    case 'opening':
    case 'done':
      return new DriverError('closed', `${attempted}: ${cause.message}`, { cause })
  }
}

/** connection.close or channel.close as an error. The broker's text may name the user, and names are credentials. */
export function replyError(step: HandshakeStep, reply: Reply, attempted: string): DriverError {
  if (step === 'login' && reply.code === ACCESS_REFUSED) {
    return new DriverError('authentication', `${attempted}: the broker refused the user or password`)
  }
  if (step === 'opening' && (reply.code === NOT_ALLOWED || reply.code === ACCESS_REFUSED)) {
    return new DriverError('not-permitted', `${attempted}: no such virtual host, or not for this user`)
  }
  const text = reply.text.replace(/\buser '[^']*'/g, 'the user')
  return sessionError(Object.assign(new Error(`${text} (${reply.code})`), { code: reply.code }), attempted)
}
