/**
 * How MQTT, which has topics and sessions only, stands in for queues: names, quality of service, sessions. Pure.
 */
import { DriverError } from '../driver-error.ts'
import type { ConsumerSpec, Destination, PublisherSpec } from '../driver.ts'

/** Quality of service: at most once, at least once, exactly once. */
export type Qos = 0 | 1 | 2

/** Version as the URL's `?version=` spells it. */
export type MqttVersion = '3.1.1' | '5'

/** Largest number of unacknowledged QoS 1 messages that 16-bit packet ids allow, less some room. */
export const PACKET_IDS_MAX = 65_000

/** Seconds for which an MQTT 5 broker keeps the session of a consumer that is gone: one day. MQTT 3.1.1 has no limit. */
const SESSION_EXPIRY_SECONDS = 86_400

const SHARE_GROUP = 'brokermark'

/**
 * Nobody subscribes to it. Unsubscribing from it tells when the broker has done all that was sent before, because that
 * request stands in line: Artemis answers a PINGREQ past what it has read and not yet done, and forgets that (its PUBACKs,
 * for one) when the connection ends.
 */
export const FLUSH_FILTER = 'brokermark/flush'

/** Who connects, and what the broker keeps of it afterwards. */
export interface MqttSession {
  readonly clientId: string
  /** False: the broker keeps subscriptions and messages for this client id after the connection. */
  readonly clean: boolean
  /** Messages that the broker may send unacknowledged: MQTT 5 only, 1 to 65,535; null: the protocol's default. */
  readonly receiveMaximum: number | null
  readonly expirySeconds: number
}

/** @throws DriverError `unsupported` for a version that is not spoken here or that nobody uses any more. */
export function versionOf(options: Readonly<Record<string, string>>): MqttVersion {
  const version = options['version'] ?? '3.1.1'
  if (version === '3.1.1' || version === '5') return version
  throw new DriverError('unsupported', `MQTT version ${version} is not supported; use version=3.1.1 or version=5`)
}

/**
 * What either MQTT client asks for unless the target says otherwise: without a keep-alive Artemis ends a connection from
 * which nothing came for 90 s, and RabbitMQ a WebSocket after a minute; MQTT.js pings only at the end of the time.
 */
const KEEP_ALIVE_SECONDS = 40

/** Keep-alive to ask for, in seconds: `?keepAliveSeconds=`, 0 to 65,535; default 40, 0 is none. */
export function keepAliveSecondsOf(options: Readonly<Record<string, string>>): number {
  const seconds = Number(options['keepAliveSeconds'] ?? KEEP_ALIVE_SECONDS)
  return Number.isSafeInteger(seconds) && seconds > 0 ? Math.min(seconds, 65_535) : 0
}

/** A queue is a topic of the same name: what makes it a queue is the consumer's session. */
export function topicOf(destination: Destination): string {
  return destination.name
}

/** Where and how a consumer subscribes. */
export type SubscribeSpec = Pick<ConsumerSpec, 'destination' | 'competing' | 'subscription'>

/** Topic filter to subscribe to: a shared subscription where the topic is shared, or consumers compete for a queue. */
export function filterOf(spec: SubscribeSpec): string {
  const topic = topicOf(spec.destination)
  const name = shareNameOf(spec)
  return name === null ? topic : `$share/${name}/${topic}`
}

export function isShared(spec: SubscribeSpec): boolean {
  return shareNameOf(spec) !== null
}

/** `?qos=`: quality of service of everything that is published and subscribed; null: as the traffic asks for. */
function qosOf(options: Readonly<Record<string, string>>): Qos | null {
  const { qos } = options
  return qos === '0' || qos === '1' || qos === '2' ? (Number(qos) as Qos) : null
}

/**
 * `?qos=`, else QoS 1 where a confirm is asked for or the message must outlive its way, else 0.
 * @throws DriverError `unsupported` for confirms at QoS 0, where there are none.
 */
export function publishQos(
  spec: Pick<PublisherSpec, 'confirm' | 'persistent'>,
  options: Readonly<Record<string, string>>,
): Qos {
  const qos = qosOf(options)
  if (qos === 0 && spec.confirm) {
    throw new DriverError('unsupported', 'MQTT confirms nothing at QoS 0: set delivery.confirm to false, or qos=1')
  }
  return qos ?? (spec.confirm || spec.persistent ? 1 : 0)
}

/** `?qos=`, else QoS 1 where a message is acknowledged or must outlive the connection, else 0. */
export function subscribeQos(
  spec: Pick<ConsumerSpec, 'destination' | 'acknowledge' | 'persistent' | 'subscription'>,
  options: Readonly<Record<string, string>>,
): Qos {
  const isSafe = spec.persistent || spec.acknowledge.kind !== 'auto' || isKept(spec)
  return qosOf(options) ?? (isSafe ? 1 : 0)
}

/** A consumer's session: kept by the broker where it stands for a queue of persistent traffic or is durable. */
export function consumerSession(
  spec: Pick<ConsumerSpec, 'destination' | 'clientId' | 'persistent' | 'prefetch' | 'subscription'>,
): MqttSession {
  const kept = isKept(spec)
  return {
    clientId: spec.clientId,
    clean: !kept,
    receiveMaximum: Math.min(Math.max(spec.prefetch, 1), 65_535),
    expirySeconds: kept ? SESSION_EXPIRY_SECONDS : 0,
  }
}

/** Competing for a topic is a contradiction: every subscriber of a topic gets everything, unless it is shared by name. */
function shareNameOf({ destination, competing, subscription }: SubscribeSpec): string | null {
  if (destination.kind === 'queue') return competing ? SHARE_GROUP : null
  return subscription?.kind === 'shared' || subscription?.kind === 'shared-durable' ? subscription.name : null
}

function isKept(spec: Pick<ConsumerSpec, 'destination' | 'persistent' | 'subscription'>): boolean {
  if (spec.destination.kind === 'queue') return spec.persistent
  return spec.subscription?.kind === 'durable' || spec.subscription?.kind === 'shared-durable'
}

/** A session that ends with its connection; connecting with it also ends an older one of the same client id. */
export function cleanSession(clientId: string): MqttSession {
  return { clientId, clean: true, receiveMaximum: null, expirySeconds: 0 }
}
