import type { Protocol } from '../../driver/driver.ts'
import type { Connection, ConnectionEvents } from '../../transport/connection.ts'
import type { EmbeddedBroker } from './embedded-broker.ts'

/** The server's side of one wire protocol on one connection. */
export interface Session extends ConnectionEvents {
  /** Called once, before the first byte. */
  begin(connection: Connection): void
}

/** @param serverName what the broker calls itself in the handshake: `brokermark-embedded/VERSION`. */
export type SessionMaker = (broker: EmbeddedBroker, serverName: string) => Session

/** What the embedded broker can speak: everything but the in-memory protocol, which needs no broker. */
export type EmbeddedProtocol = Exclude<Protocol, 'loopback'>
