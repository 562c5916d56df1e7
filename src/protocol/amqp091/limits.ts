/** What a parser refuses before it allocates anything for it. */
export interface Amqp091Limits {
  /** Largest frame in bytes, head and end octet included: `frame-max` once it is tuned. */
  readonly frameBytesMax: number
  /** Highest channel number. */
  readonly channelMax: number
  /** Largest body in bytes, whatever the number of its frames. */
  readonly bodyBytesMax: number
}

/** `frameBytesMax` is what RabbitMQ offers by default; a body is no larger than the largest message of a workload. */
export const DEFAULT_LIMITS: Amqp091Limits = {
  frameBytesMax: 128 * 1024,
  channelMax: 1,
  bodyBytesMax: 256 * 1024 * 1024,
}

/** Every peer must accept frames of this size (specification 4.2.3, `frame-min-size`). */
export const FRAME_BYTES_MIN = 4096

/** Tables within tables; RabbitMQ's own properties have two levels. */
export const TABLE_DEPTH_MAX = 16

/** Fields of one table with those of the tables and arrays in it. */
export const TABLE_FIELDS_MAX = 4096
