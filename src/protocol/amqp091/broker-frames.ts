/** The methods that a broker sends, as whole frames; what both sides send is in client-methods.ts. */
import type { Tuning } from './client-methods.ts'
import { FieldWriter, methodFrame } from './field-writer.ts'
import type { FieldTable } from './field-table.ts'
import { FRAME_BODY, FRAME_END, FRAME_HEADER, FRAME_OVERHEAD_BYTES, writeFrameHead } from './frame.ts'
import { CLASS_BASIC, METHOD } from './method.ts'
import type { DeclaredQueue, Reply } from './server-methods.ts'

/** connection.start. @param mechanisms of SASL, separated by blanks. */
export function connectionStart(serverProperties: FieldTable, mechanisms: string): Uint8Array {
  return methodFrame(0, METHOD.connectionStart, (fields) =>
    fields.octet(0).octet(9).table(serverProperties).longString(mechanisms).longString('en_US'),
  )
}

/** connection.tune. */
export function connectionTune({ channelMax, frameBytesMax, heartbeatSeconds }: Tuning): Uint8Array {
  return methodFrame(0, METHOD.connectionTune, (fields) =>
    fields.short(channelMax).long(frameBytesMax).short(heartbeatSeconds),
  )
}

/** connection.open-ok. */
export function connectionOpenOk(): Uint8Array {
  return methodFrame(0, METHOD.connectionOpenOk, (fields) => fields.shortString(''))
}

/**
 * connection.close on channel 0, channel.close on every other.
 * @param method that is refused; 0 where it is none.
 * @throws RangeError where the text is longer than 255 bytes.
 */
export function closeFor(channel: number, { code, text }: Reply, method: number): Uint8Array {
  const closing = channel === 0 ? METHOD.connectionClose : METHOD.channelClose
  return methodFrame(channel, closing, (fields) => fields.short(code).shortString(text).long(method))
}

/** channel.open-ok. */
export function channelOpenOk(channel: number): Uint8Array {
  return methodFrame(channel, METHOD.channelOpenOk, (fields) => fields.longString(''))
}

/** An answer that says no more than its method. */
export function bareOk(channel: number, method: number): Uint8Array {
  return methodFrame(channel, method)
}

/** queue.declare-ok. @throws RangeError where the name is longer than 255 bytes. */
export function queueDeclareOk(channel: number, { queue, messages, consumers }: DeclaredQueue): Uint8Array {
  return methodFrame(channel, METHOD.queueDeclareOk, (fields) =>
    fields.shortString(queue).long(messages).long(consumers),
  )
}

/** queue.purge-ok or queue.delete-ok. @param messages that went. */
export function messagesGone(channel: number, method: number, messages: number): Uint8Array {
  return methodFrame(channel, method, (fields) => fields.long(messages))
}

/** basic.consume-ok or basic.cancel-ok. @throws RangeError where the tag is longer than 255 bytes. */
export function consumerOk(channel: number, method: number, consumerTag: string): Uint8Array {
  return methodFrame(channel, method, (fields) => fields.shortString(consumerTag))
}

/** basic.cancel by the broker: the queue is gone. @throws RangeError where the tag is longer than 255 bytes. */
export function basicCancel(channel: number, consumerTag: string): Uint8Array {
  return methodFrame(channel, METHOD.basicCancel, (fields) => fields.shortString(consumerTag).octet(1))
}

/** A message as it is given back to its publisher. */
export interface ReturnedMessage {
  readonly reply: Reply
  readonly exchange: string
  readonly routingKey: string
  /** Property flags and values, as they came. */
  readonly properties: Uint8Array
  readonly body: Uint8Array
}

/** basic.return with its content. @throws RangeError where a name or the text is longer than 255 bytes. */
export function basicReturn(channel: number, message: ReturnedMessage, frameBytesMax: number): Uint8Array {
  const { reply, exchange, routingKey, properties, body } = message
  const frames = new FieldWriter()
  frames.raw(
    methodFrame(channel, METHOD.basicReturn, (fields) =>
      fields.short(reply.code).shortString(reply.text).shortString(exchange).shortString(routingKey),
    ),
  )
  const header = new FieldWriter().short(CLASS_BASIC).short(0).longLong(body.length).raw(properties).bytes()
  frames.raw(frame(FRAME_HEADER, channel, header))
  const chunkBytes = frameBytesMax - FRAME_OVERHEAD_BYTES
  for (let start = 0; start < body.length; start += chunkBytes) {
    frames.raw(frame(FRAME_BODY, channel, body.subarray(start, start + chunkBytes)))
  }
  return frames.bytes()
}

function frame(type: number, channel: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(payload.length + FRAME_OVERHEAD_BYTES)
  bytes.set(payload, writeFrameHead(bytes, 0, type, channel, payload.length))
  bytes[bytes.length - 1] = FRAME_END
  return bytes
}
