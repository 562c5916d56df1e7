/** Whole numbers of 0 to 268,435,455 in one to four bytes, seven bits each, lowest first (MQTT 5 section 1.5.5). */

/** Largest number that four bytes hold. */
export const VARIABLE_INTEGER_MAX = 268_435_455

/** Bytes that `writeVariableInteger` will write. */
export function variableIntegerBytes(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  return value < 0x20_0000 ? 3 : 4
}

/** Writes `value` at `at`; returns the offset behind it. */
export function writeVariableInteger(target: Uint8Array, at: number, value: number): number {
  let position = at
  let rest = value
  while (rest >= 0x80) {
    target[position++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  target[position++] = rest
  return position
}

/** Not all of its bytes lie before `end`. */
export const INCOMPLETE = -1
/** Its fourth byte announces a fifth. */
export const MALFORMED = -2

/** The number that begins at `start`, or INCOMPLETE or MALFORMED. */
export function readVariableInteger(source: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let index = 0; index < 4; index++) {
    if (start + index >= end) return INCOMPLETE
    const octet = source[start + index] as number
    value |= (octet & 0x7f) << (7 * index)
    if (octet < 0x80) return value
  }
  return MALFORMED
}

/** Where the number that begins at `start`, and is complete and well-formed, ends. */
export function endOfVariableInteger(source: Uint8Array, start: number): number {
  let position = start
  while ((source[position] as number) >= 0x80) position++
  return position + 1
}
