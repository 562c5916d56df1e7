import type { ConnectOptions } from '../driver.ts'
import type { DriverError } from '../driver-error.ts'
import type { Endpoint } from '../endpoint.ts'

/** Told of every message that comes. `payload` is valid only during the call. */
export type OnProbeMessage = (topic: string, payload: Uint8Array) => void

/** A connection with a clean session that finds out what a broker is and can do, by whichever client. */
export interface MqttProbe {
  /** False: the broker said in its handshake that it has no shared subscriptions. */
  readonly mayShare: boolean
  /** Resolves with the broker's answer. @throws DriverError */
  subscribe(filter: string, qos: 0 | 1): Promise<void>
  /** Resolves with the broker's answer. @throws DriverError */
  unsubscribe(filter: string): Promise<void>
  /** Publishes a few bytes at QoS 1; resolves with the broker's answer. @throws DriverError */
  publish(topic: string): Promise<void>
  /** Calls `listener` once when the connection ends without `close()`; at once if it has. */
  whenLost(listener: (cause: DriverError) => void): void
  /** Never rejects. */
  close(): Promise<void>
}

/** Connects; messages at QoS 1 are acknowledged at once. @throws DriverError */
export type OpenProbe = (
  endpoint: Endpoint,
  options: ConnectOptions,
  clientId: string,
  onMessage: OnProbeMessage,
) => Promise<MqttProbe>
