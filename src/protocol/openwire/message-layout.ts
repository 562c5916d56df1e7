import type { ByteWriter } from './byte-writer.ts'
import { writeConnectionId, writeDestination, writeProducerId } from './nested.ts'
import type { EndpointId, OpenWireDestination } from './nested.ts'
import { NESTED } from './type-codes.ts'

/** Priority of a JMS message that says nothing of it. */
export const DEFAULT_PRIORITY = 4

/** What is the same in all messages of one template. */
export interface MessageLayout {
  readonly producer: EndpointId
  readonly destination: OpenWireDestination
  readonly persistent: boolean
  readonly responseRequired: boolean
  /** 0 to 9. Absent: 4. */
  readonly priority?: number
  /** As `marshalProperties` gives them. Absent: none. */
  readonly properties?: Uint8Array
  /** Connection whose local transactions the messages belong to. Absent: no transactions. */
  readonly transactedBy?: string
}

/** Offsets in the writer of what differs from message to message; the length of the content ends the head. */
export interface MessagePlaces {
  /** Number of the transaction; -1 where there is none. */
  readonly transactionAt: number
  /** Number at the producer, and behind it the one at the broker. */
  readonly sequenceAt: number
  readonly expirationAt: number
  readonly timestampAt: number
}

/**
 * Not compressed, redelivered 0 times, no broker path, arrival 0, no user, two flags off, no cluster, broker times 0, and
 * a last flag off.
 */
const ALL_OFF_BYTES = 35

/** Everything of a BytesMessage behind its type code and in front of its content. */
export function writeMessageHead(writer: ByteWriter, layout: MessageLayout): MessagePlaces {
  writer.i32(0).bool(layout.responseRequired)
  writeDestination(writeProducerId(writer, layout.producer), layout.destination)
  const transactionAt = writeTransactionId(writer, layout.transactedBy ?? null)
  // No original destination; the message id without text form.
  writer.bool(false).bool(true).u8(NESTED.messageId).string(null)
  const sequenceAt = writeProducerId(writer, layout.producer).length
  // Sequence here and at the broker; no original transaction, group, group sequence, correlation id.
  writer.i64(0).i64(0).bool(false).string(null).i32(0).string(null)
  const expirationAt = writer.bool(layout.persistent).length
  const timestampAt = writer
    .i64(0)
    .u8(layout.priority ?? DEFAULT_PRIORITY)
    .bool(false).length
  // No reply-to stood before the timestamp, no type stands behind it.
  writer.i64(0).string(null).bool(true).i32(0)
  return { transactionAt, sequenceAt, expirationAt, timestampAt }
}

/** Everything of a BytesMessage behind its content. */
export function writeMessageTrailer(writer: ByteWriter, properties: Uint8Array | null): ByteWriter {
  if (properties === null) writer.bool(false)
  else writer.bool(true).i32(properties.length).raw(properties)
  // No data structure, no target consumer.
  return writer.bool(false).bool(false).raw(new Uint8Array(ALL_OFF_BYTES))
}

/** A local transaction or none. @returns offset of its number, -1 where there is none. */
export function writeTransactionId(writer: ByteWriter, connectionId: string | null, number = 0): number {
  if (connectionId === null) {
    writer.bool(false)
    return -1
  }
  const numberAt = writer.bool(true).u8(NESTED.localTransactionId).length
  writeConnectionId(writer.i64(number), connectionId)
  return numberAt
}
