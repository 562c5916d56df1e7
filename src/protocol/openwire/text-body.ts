import { decodeModifiedUtf8 } from './modified-utf8.ts'
import { readI32 } from './frame-reader.ts'

const encoder = new TextEncoder()

/**
 * The text of a TextMessage's content, in UTF-8: where it is the same in both encodings, which nearly always it is, the
 * bytes where they lie. Null where the content is no text: its length must fill it exactly.
 */
export function textBody(buffer: Uint8Array, start: number, end: number): Uint8Array | null {
  if (start === end) return buffer.subarray(start, end)
  if (end - start < 4 || readI32(buffer, start) !== end - start - 4) return null
  const textStart = start + 4
  for (let index = textStart; index < end; index++) {
    const octet = buffer[index]
    const isNul = octet === 0xc0
    const isSurrogate = octet === 0xed && (buffer[index + 1] as number) >= 0xa0
    if (isNul || isSurrogate) return encoder.encode(decodeModifiedUtf8(buffer, textStart, end))
  }
  return buffer.subarray(textStart, end)
}
