/**
 * What STOMP leaves to the broker: how a queue is spelled, how a prefetch is asked for, what the server header says.
 * Pure; used by both STOMP clients, so that they ask the same of a broker. Sources: ActiveMQ Classic "STOMP" page
 * (activemq.prefetchSize, persistent), RabbitMQ "STOMP plugin" page (prefetch-count, host = virtual host), Artemis user
 * manual, chapter "STOMP" (destination-type, subscription-type, consumer-window-size in bytes).
 */
import type { Transport } from '../capabilities.ts'
import type { DriverErrorCode } from '../driver-error.ts'
import { subscriptionHeaders } from './subscription-headers.ts'
import type { AcknowledgePolicy, BrokerIdentity, Destination, Subscription } from '../driver.ts'

/** Header names and values of one frame, not yet escaped. */
export type StompHeaders = Readonly<Record<string, string>>

/** Brokers whose STOMP differs; `other` is treated like ActiveMQ without its extensions. */
export type StompDialect = 'ActiveMQ' | 'Artemis' | 'RabbitMQ' | 'brokermark embedded' | 'other'

/**
 * Bytes that Artemis counts per message on top of the body, at the least: its window is in bytes, and a window of
 * prefetch x (body + this) never lets more than `prefetch` messages of the largest size through.
 */
export const ARTEMIS_FRAME_OVERHEAD_BYTES = 200

/** The part of a consumer's spec that goes into SUBSCRIBE. */
export interface SubscriptionAsk {
  readonly destination: Destination
  readonly acknowledge: AcknowledgePolicy
  /** Messages unacknowledged at a time, 1 or more. */
  readonly prefetch: number
  readonly bodyBytesMax: number
  /** Absent: plain, and then no client id is needed. */
  readonly subscription?: Subscription
  readonly clientId?: string
}

/** Product and version from CONNECTED's `server` header: `ActiveMQ/5.18.3`, `ActiveMQ-Artemis/2.44.0 ...`, `RabbitMQ/3.10.8`. */
export function identityOfServer(server: string | null | undefined): BrokerIdentity {
  const match = /^\s*([^/\s]+)(?:\/(\S+))?/.exec(server ?? '')
  if (match?.[1] === undefined) return { product: null, version: null }
  const version = match[2] ?? null
  const product = match[1]
  if (/artemis/i.test(product)) return { product: 'Artemis', version }
  if (/^apache-?activemq$|^activemq$/i.test(product)) return { product: 'ActiveMQ', version }
  if (/^brokermark/i.test(product)) return { product: 'brokermark embedded', version }
  return { product, version }
}

/** The dialect to use for what `identityOfServer` found. */
export function dialectOf(identity: BrokerIdentity): StompDialect {
  switch (identity.product) {
    case 'ActiveMQ':
    case 'Artemis':
    case 'RabbitMQ':
    case 'brokermark embedded':
      return identity.product
    default:
      return 'other'
  }
}

/**
 * Headers of CONNECT. `host` is RabbitMQ's virtual host (option `vhost`, default `/`); the other brokers ignore it, and
 * the broker is not known yet. Without heart-beats, which are the connection's business.
 * @param clientId for a durable subscription; null: none.
 */
export function connectHeaders(
  options: Readonly<Record<string, string>>,
  username: string | null,
  password: string | null,
  clientId: string | null = null,
): StompHeaders {
  return {
    'accept-version': '1.2',
    host: options['vhost'] ?? '/',
    'heart-beat': '0,0',
    ...(username === null ? {} : { login: username }),
    ...(password === null ? {} : { passcode: password }),
    ...(clientId === null ? {} : { 'client-id': clientId }),
  }
}

/**
 * Value of the `destination` header. A name that begins with `/` is taken as it is (`/amq/queue/NAME` for a queue of
 * RabbitMQ that was declared with arguments of its own). Artemis knows plain names and the type as a header.
 */
export function destinationText(dialect: StompDialect, destination: Destination): string {
  if (destination.name.startsWith('/') || dialect === 'Artemis') return destination.name
  return `/${destination.kind}/${destination.name}`
}

/**
 * Headers of SEND, without `receipt` and `content-length`. A message that is not persistent has no header at all: every
 * broker's default is that, and RabbitMQ reads `persistent:false` as a property of the queue too, and refuses.
 */
export function sendHeaders(dialect: StompDialect, destination: Destination, persistent: boolean): StompHeaders {
  return {
    destination: destinationText(dialect, destination),
    ...(dialect === 'Artemis' ? { 'destination-type': artemisRouting(destination) } : {}),
    ...(persistent ? { persistent: 'true' } : {}),
  }
}

/**
 * Headers of SUBSCRIBE, without `receipt`.
 * @throws DriverError `unsupported` where the broker has no such subscription.
 */
export function subscribeHeaders(dialect: StompDialect, ask: SubscriptionAsk, subscriptionId: string): StompHeaders {
  return {
    destination: destinationText(dialect, ask.destination),
    id: subscriptionId,
    ack: acknowledgeMode(ask.acknowledge),
    ...prefetchHeaders(dialect, ask),
    ...subscriptionHeaders(dialect, ask.subscription, ask.clientId ?? '', ask.destination),
  }
}

/** Value of SUBSCRIBE's `ack` header; `client` is STOMP's cumulative mode. */
export function acknowledgeMode(policy: AcknowledgePolicy): 'client-individual' | 'client' | 'auto' {
  switch (policy.kind) {
    case 'each':
      return 'client-individual'
    case 'every':
      return 'client'
    case 'auto':
      return 'auto'
  }
}

/**
 * ActiveMQ drops binary WebSocket frames and sends every frame as UTF-8 text (stompjs issues 22 and 469), so a body must
 * be text there: each byte as the character of that code (ISO 8859-1), which UTF-8 writes in one byte below 0x80, else in
 * two. The header `TEXT_BODY_HEADER` tells a consumer over any transport to undo it.
 */
export function needsTextBody(dialect: StompDialect, transport: Transport): boolean {
  return dialect === 'ActiveMQ' && (transport === 'ws' || transport === 'wss')
}

/** Name and value of the header of a message whose body is ISO 8859-1 in UTF-8. */
export const TEXT_BODY_HEADER = { name: 'brokermark-body', value: 'latin1' } as const

/** What an ERROR frame means. Before CONNECTED it is about who we are; its texts are the brokers' own, seen on the wire. */
export function errorFrameCode(connected: boolean, text: string): DriverErrorCode {
  if (/version/i.test(text) && !connected) return 'wrong-protocol'
  if (/connection.*(limit|maximum)|too many connections|maximum.*connections/i.test(text)) return 'resource-limit'
  if (/virtual host/i.test(text)) return 'not-permitted'
  if (/already connected|client.?id/i.test(text)) return 'not-permitted'
  if (!connected) return 'authentication'
  if (
    /not authorized|access.refused|access_refused|does not have permission|security|precondition|resource.locked/i.test(
      text,
    )
  ) {
    return 'not-permitted'
  }
  return 'protocol-error'
}

function prefetchHeaders(dialect: StompDialect, ask: SubscriptionAsk): StompHeaders {
  switch (dialect) {
    case 'ActiveMQ':
    case 'brokermark embedded':
      return { 'activemq.prefetchSize': String(ask.prefetch) }
    case 'RabbitMQ':
      return { 'prefetch-count': String(ask.prefetch) }
    case 'Artemis': {
      const wantedBytes = Math.min(ask.prefetch * (ask.bodyBytesMax + ARTEMIS_FRAME_OVERHEAD_BYTES), 2 ** 31 - 1)
      // Only an ACK opens the window again: without ACKs deliveries would stop for good where it is used up.
      const windowBytes = ask.acknowledge.kind === 'auto' ? -1 : wantedBytes
      return {
        'subscription-type': artemisRouting(ask.destination),
        'consumer-window-size': String(windowBytes),
      }
    }
    case 'other':
      return {}
  }
}

function artemisRouting(destination: Destination): 'ANYCAST' | 'MULTICAST' {
  return destination.kind === 'queue' ? 'ANYCAST' : 'MULTICAST'
}
