/** A frame on the wire: type 1, channel 2, payload size 4, payload, end octet (specification 4.2.3). */
export const FRAME_METHOD = 1
export const FRAME_HEADER = 2
export const FRAME_BODY = 3
export const FRAME_HEARTBEAT = 8

export const FRAME_END = 0xce

/** Bytes before the payload. */
export const FRAME_HEAD_BYTES = 7

/** Bytes of a frame that are not payload. */
export const FRAME_OVERHEAD_BYTES = FRAME_HEAD_BYTES + 1

/** The eight bytes by which a client begins. */
export const PROTOCOL_HEADER = Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1)

/** A whole heart-beat frame. */
export const HEARTBEAT_FRAME = Uint8Array.of(FRAME_HEARTBEAT, 0, 0, 0, 0, 0, 0, FRAME_END)

/** Writes the seven bytes before a payload; returns the offset behind them. */
export function writeFrameHead(target: Uint8Array, at: number, type: number, channel: number, size: number): number {
  target[at] = type
  target[at + 1] = channel >>> 8
  target[at + 2] = channel
  target[at + 3] = size >>> 24
  target[at + 4] = size >>> 16
  target[at + 5] = size >>> 8
  target[at + 6] = size
  return at + FRAME_HEAD_BYTES
}

/** The payload size in the frame head at `at`, unsigned. */
export function frameSizeAt(bytes: Uint8Array, at: number): number {
  const low = ((bytes[at + 4] as number) << 16) | ((bytes[at + 5] as number) << 8) | (bytes[at + 6] as number)
  return (bytes[at + 3] as number) * 0x100_0000 + low
}
