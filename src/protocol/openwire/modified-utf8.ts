/**
 * Java's modified UTF-8, in which OpenWire's strings are: NUL is `C0 80`, and a character beyond U+FFFF is its two
 * surrogates in three bytes each. Everything else is UTF-8.
 */

/** @returns the bytes of the text, at most three for each of its UTF-16 units. */
export function encodeModifiedUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3)
  let length = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit !== 0 && unit < 0x80) {
      bytes[length++] = unit
    } else if (unit < 0x800) {
      bytes[length++] = 0xc0 | (unit >> 6)
      bytes[length++] = 0x80 | (unit & 0x3f)
    } else {
      bytes[length++] = 0xe0 | (unit >> 12)
      bytes[length++] = 0x80 | ((unit >> 6) & 0x3f)
      bytes[length++] = 0x80 | (unit & 0x3f)
    }
  }
  return bytes.subarray(0, length)
}

/** The text from `start` to `end`; a byte that begins no character becomes U+FFFD. */
export function decodeModifiedUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let index = start
  while (index < end) {
    const octet = bytes[index++] as number
    if (octet < 0x80) {
      text += String.fromCharCode(octet)
    } else if ((octet & 0xe0) === 0xc0 && index < end) {
      text += String.fromCharCode(((octet & 0x1f) << 6) | ((bytes[index++] as number) & 0x3f))
    } else if ((octet & 0xf0) === 0xe0 && index + 1 < end) {
      const middle = ((bytes[index++] as number) & 0x3f) << 6
      text += String.fromCharCode(((octet & 0x0f) << 12) | middle | ((bytes[index++] as number) & 0x3f))
    } else {
      text += '\ufffd'
    }
  }
  return text
}
