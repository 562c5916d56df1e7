/** Integers of fixed width written in place, for what is encoded per message. */

const TWO_TO_32 = 0x1_0000_0000

/** The lower 32 bits, as `>>>` takes a number modulo 2^32; returns the offset behind them. */
export function writeLong(target: Uint8Array, at: number, value: number): number {
  target[at] = value >>> 24
  target[at + 1] = value >>> 16
  target[at + 2] = value >>> 8
  target[at + 3] = value >>> 0
  return at + 4
}

/** 64 bits of a whole number of 0 to 2^53 - 1; returns the offset behind them. */
export function writeLongLong(target: Uint8Array, at: number, value: number): number {
  const position = writeLong(target, at, value < TWO_TO_32 ? 0 : Math.floor(value / TWO_TO_32))
  return writeLong(target, position, value)
}
