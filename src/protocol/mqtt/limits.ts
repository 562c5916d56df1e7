/** What a parser accepts at most. Checked as soon as the length is known, before anything is allocated for the packet. */
export interface MqttLimits {
  /** Bytes of one packet, its first byte and its length included. The protocol itself allows 256 MiB. */
  readonly packetBytesMax: number
}

/** What a server accepts before it knows the client: a CONNECT whose four texts are as long as they may be. */
export const CONNECT_LIMITS: MqttLimits = { packetBytesMax: 512 * 1024 }

/** Far beyond what a benchmark sends, far below what hurts: 64 MiB and a little for the topic. */
export const DEFAULT_LIMITS: MqttLimits = { packetBytesMax: 64 * 1024 * 1024 + 128 * 1024 }
