import { FRAME_END, FRAME_METHOD, writeFrameHead } from './frame.ts'
import { writeLong, writeLongLong } from './fixed-fields.ts'
import { METHOD } from './method.ts'

const PAYLOAD_BYTES = 4 + 8 + 1

/** Bytes of a basic.ack frame. */
export const ACK_FRAME_BYTES = 7 + PAYLOAD_BYTES + 1

/**
 * Writes a basic.ack at `at`; returns the offset behind it.
 * @param deliveryTag 0 to 2^53 - 1.
 * @param multiple everything up to the tag is acknowledged.
 */
export function writeAck(
  target: Uint8Array,
  at: number,
  channel: number,
  deliveryTag: number,
  multiple: boolean,
): number {
  let position = writeFrameHead(target, at, FRAME_METHOD, channel, PAYLOAD_BYTES)
  position = writeLong(target, position, METHOD.basicAck)
  position = writeLongLong(target, position, deliveryTag)
  target[position] = multiple ? 1 : 0
  target[position + 1] = FRAME_END
  return position + 2
}
