/** What brokers answer and say of themselves. */
import type { FrameReader } from './frame-reader.ts'

/** A Java exception by its class (`java.lang.SecurityException`) and message. */
export interface Throwable {
  readonly className: string
  readonly message: string
}

/** The `commandId` that a Response of any type answers. @throws OpenWireProtocolError */
export function readCorrelationId(fields: FrameReader): number {
  fields.skipBase()
  return fields.i32()
}

/** A throwable without stack trace, which is never negotiated. @throws OpenWireProtocolError */
export function readThrowable(fields: FrameReader): Throwable {
  if (!fields.bool()) return { className: 'null', message: '' }
  const className = fields.string() ?? 'null'
  return { className, message: fields.string() ?? '' }
}

/** The id from a BrokerInfo; null where it has none. @throws OpenWireProtocolError */
export function readBrokerId(fields: FrameReader): string | null {
  fields.skipBase()
  if (!fields.bool()) return null
  fields.skip(1)
  return fields.string()
}

/** Bytes that a ProducerAck gives back to the producer's window. @throws OpenWireProtocolError */
export function readProducerAck(fields: FrameReader): number {
  fields.skipBase()
  fields.skipNested()
  return fields.i32()
}
