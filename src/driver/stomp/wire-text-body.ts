/**
 * Bodies for brokers that take only text (`needsTextBody`): each byte as the character of that code in UTF-8. Written into
 * a buffer that is used again, so a result is valid until the next call.
 */
export class TextBody {
  #scratch = new Uint8Array(1024)

  /** ISO 8859-1 to UTF-8. */
  encode(body: Uint8Array): Uint8Array {
    const scratch = this.#reserve(body.length * 2)
    let length = 0
    for (let index = 0; index < body.length; index++) {
      const octet = body[index] as number
      if (octet < 0x80) {
        scratch[length++] = octet
      } else {
        scratch[length++] = 0xc0 | (octet >> 6)
        scratch[length++] = 0x80 | (octet & 0x3f)
      }
    }
    return scratch.subarray(0, length)
  }

  /** The inverse, for what `encode` made. */
  decode(text: Uint8Array): Uint8Array {
    const scratch = this.#reserve(text.length)
    let length = 0
    for (let index = 0; index < text.length; index++) {
      const octet = text[index] as number
      if (octet < 0x80) scratch[length++] = octet
      else scratch[length++] = ((octet & 0x03) << 6) | ((text[++index] ?? 0) & 0x3f)
    }
    return scratch.subarray(0, length)
  }

  #reserve(bytes: number): Uint8Array {
    if (this.#scratch.length < bytes) this.#scratch = new Uint8Array(bytes)
    return this.#scratch
  }
}
