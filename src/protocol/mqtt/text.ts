/** Strings with two bytes of length in front (MQTT 5 section 1.5.4); binary data is laid out in the same way. */

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Where the string that begins at `at` ends; -1 where it goes beyond `end`. */
export function textEnd(source: Uint8Array, at: number, end: number): number {
  if (at + 2 > end) return -1
  const textEnd = at + 2 + lengthAt(source, at)
  return textEnd > end ? -1 : textEnd
}

/** The string that begins at `at` and is whole. */
export function textAt(source: Uint8Array, at: number): string {
  return decoder.decode(source.subarray(at + 2, at + 2 + lengthAt(source, at)))
}

function lengthAt(source: Uint8Array, at: number): number {
  return ((source[at] as number) << 8) | (source[at + 1] as number)
}
