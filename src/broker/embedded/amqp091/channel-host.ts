import type { Connection } from '../../../transport/connection.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import type { Refusal } from './refusal.ts'
import type { Topology } from './topology.ts'

/** What a channel has of its connection. */
export interface ChannelHost {
  readonly broker: EmbeddedBroker
  readonly topology: Topology
  readonly connection: Connection
  /** As tuned. */
  readonly frameBytesMax: number
  /** To be called when a channel begins to publish or to consume, or has stopped consuming. */
  reconsider(): void
  /** Closes the channel for `method`, which the client has sent on it. */
  closeChannel(channel: number, refusal: Refusal, method: number): void
  /** Closes the connection. */
  refuse(refusal: Refusal, method: number): void
  /** Cuts the connection without a word. */
  cut(): void
}
