/** Parts of frames whose length never varies, written in place. */

/** Size, data offset 2, type AMQP, channel. */
export function writeFrameHeader(target: Uint8Array, at: number, bytes: number, channel: number): number {
  writeUint32(target, at, bytes)
  target[at + 4] = 2
  target[at + 5] = 0
  target[at + 6] = channel >> 8
  target[at + 7] = channel
  return at + 8
}

/** A uint in its long form, which has always the same length. */
export function writeUint(target: Uint8Array, at: number, value: number): number {
  target[at] = 0x70
  writeUint32(target, at + 1, value)
  return at + 5
}

export function writeUint32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24
  target[at + 1] = value >>> 16
  target[at + 2] = value >>> 8
  target[at + 3] = value
}
