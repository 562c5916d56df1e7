import { readDecimal } from './decimal.ts'
import type { FieldReader } from './field-reader.ts'

/** Property flags of class basic, first property in the highest bit (specification 1.8.1). */
export const PROPERTY = {
  contentType: 1 << 15,
  contentEncoding: 1 << 14,
  headers: 1 << 13,
  deliveryMode: 1 << 12,
  priority: 1 << 11,
  correlationId: 1 << 10,
  replyTo: 1 << 9,
  expiration: 1 << 8,
  messageId: 1 << 7,
} as const

const SHORT_STRINGS_BEFORE_HEADERS = [PROPERTY.contentType, PROPERTY.contentEncoding]
const OCTETS = [PROPERTY.deliveryMode, PROPERTY.priority]
const SHORT_STRINGS_BEFORE_MESSAGE_ID = [PROPERTY.correlationId, PROPERTY.replyTo, PROPERTY.expiration]

/**
 * The message-id of a content header as a whole number; -1 where it is missing or is none.
 * @param properties at the property flags.
 * @throws Amqp091ProtocolError
 */
export function readMessageNumber(properties: FieldReader): number {
  const flags = properties.short()
  if ((flags & PROPERTY.messageId) === 0) return -1
  for (const flag of SHORT_STRINGS_BEFORE_HEADERS) if ((flags & flag) !== 0) properties.skipShortString()
  if ((flags & PROPERTY.headers) !== 0) {
    const length = properties.long()
    properties.take(length, `a table of ${length} bytes`)
  }
  for (const flag of OCTETS) if ((flags & flag) !== 0) properties.octet()
  for (const flag of SHORT_STRINGS_BEFORE_MESSAGE_ID) if ((flags & flag) !== 0) properties.skipShortString()
  const length = properties.octet()
  const start = properties.take(length, `a message-id of ${length} bytes`)
  return readDecimal(properties.buffer, start, start + length)
}
