/** What a decoder accepts at most. Checked before anything is allocated for it. */
export interface Amqp10Limits {
  /** Largest frame, its header included; to be announced to the peer as `max-frame-size`. */
  readonly frameBytesMax: number
  /** Largest message put together from several transfers. */
  readonly messageBytesMax: number
  /** Values within values. */
  readonly depthMax: number
}

/** 128 KiB frames, so that two fit into a read; messages of 64 MiB; 16 levels, where brokers send four. */
export const DEFAULT_LIMITS: Amqp10Limits = {
  frameBytesMax: 128 * 1024,
  messageBytesMax: 64 * 1024 * 1024,
  depthMax: 16,
}
