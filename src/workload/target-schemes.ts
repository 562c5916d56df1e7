/** The schemes of target URLs: the exact ones, the spellings of others that mean one of them, and the ambiguous ones. */
import type { Transport } from '../driver/capabilities.ts'
import type { Protocol } from '../driver/driver.ts'

/** What a scheme says of how to get there. */
export interface Scheme {
  readonly protocol: Protocol
  readonly transport: Transport
  /** Null: no product's default is common enough to guess (WebSocket), so the URL has to name the port. */
  readonly defaultPort: number | null
}

/** Design.md section 5, with the default ports of IANA and of ActiveMQ where IANA has none. */
export const EXACT_SCHEMES: Readonly<Record<string, Scheme>> = {
  stomp: { protocol: 'stomp', transport: 'tcp', defaultPort: 61613 },
  'stomp+ssl': { protocol: 'stomp', transport: 'tls', defaultPort: 61614 },
  'stomp+ws': { protocol: 'stomp', transport: 'ws', defaultPort: null },
  'stomp+wss': { protocol: 'stomp', transport: 'wss', defaultPort: null },
  mqtt: { protocol: 'mqtt', transport: 'tcp', defaultPort: 1883 },
  mqtts: { protocol: 'mqtt', transport: 'tls', defaultPort: 8883 },
  'mqtt+ws': { protocol: 'mqtt', transport: 'ws', defaultPort: null },
  'mqtt+wss': { protocol: 'mqtt', transport: 'wss', defaultPort: null },
  amqp10: { protocol: 'amqp10', transport: 'tcp', defaultPort: 5672 },
  amqp10s: { protocol: 'amqp10', transport: 'tls', defaultPort: 5671 },
  amqp091: { protocol: 'amqp091', transport: 'tcp', defaultPort: 5672 },
  amqp091s: { protocol: 'amqp091', transport: 'tls', defaultPort: 5671 },
  openwire: { protocol: 'openwire', transport: 'tcp', defaultPort: 61616 },
  'openwire+ssl': { protocol: 'openwire', transport: 'tls', defaultPort: 61617 },
}

/** Spellings of the Amazon MQ console and of ActiveMQ's own URLs that can only mean one thing. */
export const SCHEME_ALIASES: Readonly<Record<string, string>> = {
  'amqp+ssl': 'amqp10s',
  'mqtt+ssl': 'mqtts',
  tcp: 'openwire',
  ssl: 'openwire+ssl',
}

/** Spellings that mean different protocols on different brokers: refused, with the exact ones. */
export const AMBIGUOUS_SCHEMES: Readonly<Record<string, readonly [string, string]>> = {
  amqp: ['amqp091 (AMQP 0-9-1, RabbitMQ)', 'amqp10 (AMQP 1.0, ActiveMQ and Artemis)'],
  amqps: ['amqp091s (AMQP 0-9-1, RabbitMQ)', 'amqp10s (AMQP 1.0, ActiveMQ and Artemis)'],
  ws: ['stomp+ws', 'mqtt+ws'],
  wss: ['stomp+wss', 'mqtt+wss'],
}

/** Targets that need no address. */
export const BUILT_IN_SCHEMES = ['embedded', 'loopback'] as const
