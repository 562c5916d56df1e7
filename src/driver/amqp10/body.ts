const DATA_SECTION = 0x75
const EMPTY = new Uint8Array(0)

/**
 * The bytes of a message body as rhea decoded it: one or more data sections, or a value section that is binary or text.
 * Anything else has no bytes; the harness then counts the message as corrupt.
 */
export function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body
  if (typeof body === 'string') return Buffer.from(body)
  if (typeof body !== 'object' || body === null) return EMPTY
  if (!('typecode' in body) || body.typecode !== DATA_SECTION || !('content' in body)) return EMPTY
  const { content } = body
  if (content instanceof Uint8Array) return content
  if (Array.isArray(content)) return Buffer.concat(content.filter((part) => part instanceof Uint8Array))
  return EMPTY
}
