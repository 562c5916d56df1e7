/** Whole numbers as ASCII digits in place: a string for each message would be garbage. */

const ZERO = 48
const DIGITS_MAX = 16

/** Digits of a whole number of 0 to 2^53 - 1. */
export function decimalLength(value: number): number {
  let length = 1
  for (let limit = 10; value >= limit; limit *= 10) length++
  return length
}

/** Writes `length` digits of a whole number of 0 to 2^53 - 1 at `at`, with zeros in front where it has fewer. */
export function writeDecimal(target: Uint8Array, at: number, value: number, length: number): void {
  let rest = value
  for (let position = at + length - 1; position >= at; position--) {
    const tenth = rest < 0x7fffffff ? (rest / 10) | 0 : Math.floor(rest / 10)
    target[position] = ZERO + (rest - tenth * 10)
    rest = tenth
  }
}

/** The whole number written from `start` to `end`; -1 where there is anything but digits, none, or more than 2^53 - 1. */
export function readDecimal(source: Uint8Array, start: number, end: number): number {
  if (start >= end || end - start > DIGITS_MAX) return -1
  let value = 0
  for (let position = start; position < end; position++) {
    const digit = (source[position] as number) - ZERO
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value <= Number.MAX_SAFE_INTEGER ? value : -1
}
