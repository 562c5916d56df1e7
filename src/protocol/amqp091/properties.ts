import { readDecimal } from './decimal.ts'
import type { FieldReader } from './field-reader.ts'
import type { FieldTable } from './field-table.ts'
import { readTable } from './read-table.ts'

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

/** The properties of class basic that brokermark gives a meaning. */
export interface BasicProperties {
  /** Milliseconds as decimal digits, as the protocol has them; null: none. */
  readonly expiration: string | null
  /** 0 to 9 (RabbitMQ: to 255); null: none. */
  readonly priority: number | null
  readonly headers: FieldTable
}

export const NO_PROPERTIES: BasicProperties = { expiration: null, priority: null, headers: new Map() }

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

/**
 * The properties of a content header; those that it does not have are as in NO_PROPERTIES.
 * @param properties at the property flags.
 * @throws Amqp091ProtocolError
 */
export function readProperties(properties: FieldReader): BasicProperties {
  const flags = properties.short()
  for (const flag of SHORT_STRINGS_BEFORE_HEADERS) if ((flags & flag) !== 0) properties.skipShortString()
  const headers = (flags & PROPERTY.headers) === 0 ? NO_PROPERTIES.headers : readTable(properties)
  if ((flags & PROPERTY.deliveryMode) !== 0) properties.octet()
  const priority = (flags & PROPERTY.priority) === 0 ? null : properties.octet()
  if ((flags & PROPERTY.correlationId) !== 0) properties.skipShortString()
  if ((flags & PROPERTY.replyTo) !== 0) properties.skipShortString()
  const expiration = (flags & PROPERTY.expiration) === 0 ? null : properties.shortString()
  return { expiration, priority, headers }
}
