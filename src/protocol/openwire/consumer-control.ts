import type { FrameReader } from './frame-reader.ts'

/** What a broker tells a consumer beside its messages. */
export interface ConsumerControl {
  /** The broker has ended the subscription. */
  readonly isClose: boolean
  /** How many messages may be on the way from now on. */
  readonly prefetch: number
}

/** @throws OpenWireProtocolError */
export function readConsumerControl(fields: FrameReader): ConsumerControl {
  fields.skipBase()
  // Destination, which brokers leave out, and behind `close` the consumer's id.
  fields.skipNested()
  const isClose = fields.bool()
  fields.skipNested()
  return { isClose, prefetch: fields.i32() }
}
