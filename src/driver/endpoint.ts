import type { Protocol } from './driver.ts'
import type { Transport } from './capabilities.ts'

/**
 * Where a broker is and how to reach it, resolved from a target URL, the environment and files on the main thread.
 * A plain value: it crosses to workers by structured clone, and holds secrets, so it must never be printed or stored.
 * `describeEndpoint` gives the form that may be.
 */
export interface Endpoint {
  readonly protocol: Protocol
  readonly transport: Transport
  readonly host: string
  readonly port: number
  /** WebSocket path (`/ws`), `/` where none was given. */
  readonly path: string
  /** Options of one protocol from the URL's query, unknown ones already refused: `version`, `vhost`, ... */
  readonly options: Readonly<Record<string, string>>
  readonly username: string | null
  readonly password: string | null
  readonly tls: TlsSettings | null
}

/** PEM texts, already read from their files. Verification is on unless the user switched it off by name. */
export interface TlsSettings {
  readonly ca: string | null
  readonly certificate: string | null
  readonly key: string | null
  readonly verify: boolean
  /** Name to verify the certificate against; null = the endpoint's host. */
  readonly serverName: string | null
}

/** `stomp+ssl://host:61614`: protocol, transport, host and port, no credentials, no options. */
export function describeEndpoint(endpoint: Pick<Endpoint, 'protocol' | 'transport' | 'host' | 'port'>): string {
  return `${schemeOf(endpoint.protocol, endpoint.transport)}://${hostOf(endpoint.host)}:${endpoint.port}`
}

/** The exact scheme of a protocol over a transport, as design.md section 5 spells it. */
export function schemeOf(protocol: Protocol, transport: Transport): string {
  switch (transport) {
    case 'tcp':
      return protocol
    case 'tls':
      return SECURE_SCHEMES[protocol]
    case 'ws':
      return `${protocol}+ws`
    case 'wss':
      return `${protocol}+wss`
    case 'memory':
      return protocol
  }
}

const SECURE_SCHEMES: Readonly<Record<Protocol, string>> = {
  stomp: 'stomp+ssl',
  mqtt: 'mqtts',
  amqp10: 'amqp10s',
  amqp091: 'amqp091s',
  openwire: 'openwire+ssl',
  loopback: 'loopback',
}

function hostOf(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
