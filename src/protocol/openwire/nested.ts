import type { ByteWriter } from './byte-writer.ts'
import type { FrameReader } from './frame-reader.ts'
import { NESTED } from './type-codes.ts'

/** A queue or topic by its plain name. */
export interface OpenWireDestination {
  readonly kind: 'queue' | 'topic'
  readonly name: string
}

/** A session, producer or consumer: OpenWire knows them by the connection's id and numbers, counted from 1 as Java does. */
export interface EndpointId {
  readonly connectionId: string
  readonly session: number
  /** Number of the producer or consumer in its session. */
  readonly value: number
}

export function writeConnectionId(writer: ByteWriter, connectionId: string): ByteWriter {
  return writer.bool(true).u8(NESTED.connectionId).string(connectionId)
}

export function writeSessionId(writer: ByteWriter, connectionId: string, session: number): ByteWriter {
  return writer.bool(true).u8(NESTED.sessionId).string(connectionId).i64(session)
}

/** The session comes first: the reverse of a ProducerId. */
export function writeConsumerId(writer: ByteWriter, id: EndpointId): ByteWriter {
  return writer.bool(true).u8(NESTED.consumerId).string(id.connectionId).i64(id.session).i64(id.value)
}

/** The session comes last: the reverse of a ConsumerId. */
export function writeProducerId(writer: ByteWriter, id: EndpointId): ByteWriter {
  return writer.bool(true).u8(NESTED.producerId).string(id.connectionId).i64(id.value).i64(id.session)
}

export function writeDestination(writer: ByteWriter, destination: OpenWireDestination): ByteWriter {
  return writer
    .bool(true)
    .u8(destination.kind === 'queue' ? NESTED.queue : NESTED.topic)
    .string(destination.name)
}

/** A ConsumerId, which must be there. @throws OpenWireProtocolError */
export function readConsumerId(fields: FrameReader): EndpointId {
  const connectionId = readIdText(fields, NESTED.consumerId, 'a ConsumerId (type 122)')
  const session = fields.i64()
  return { connectionId, session, value: fields.i64() }
}

/** A ProducerId, which must be there. @throws OpenWireProtocolError */
export function readProducerId(fields: FrameReader): EndpointId {
  const connectionId = readIdText(fields, NESTED.producerId, 'a ProducerId (type 123)')
  const value = fields.i64()
  return { connectionId, session: fields.i64(), value }
}

/** A destination, which must be there; temporary ones by their names. @throws OpenWireProtocolError */
export function readDestination(fields: FrameReader): OpenWireDestination {
  const start = fields.position
  const type = fields.bool() ? fields.u8() : 0
  if (type < NESTED.queue || type > NESTED.temporaryTopic) throw fields.error('a destination (type 100 to 103)', start)
  const isQueue = type === NESTED.queue || type === NESTED.temporaryQueue
  return { kind: isQueue ? 'queue' : 'topic', name: fields.string() ?? '' }
}

function readIdText(fields: FrameReader, type: number, expected: string): string {
  const start = fields.position
  if (!fields.bool() || fields.u8() !== type) throw fields.error(expected, start)
  return fields.string() ?? ''
}
