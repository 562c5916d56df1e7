/** Frames as brokers send them, which the drivers only read. */
import { ByteWriter } from '../../../src/protocol/openwire/byte-writer.ts'
import { MessageTemplate } from '../../../src/protocol/openwire/message-template.ts'
import {
  writeConnectionId,
  writeConsumerId,
  writeDestination,
  writeProducerId,
} from '../../../src/protocol/openwire/nested.ts'
import type { EndpointId } from '../../../src/protocol/openwire/nested.ts'
import { COMMAND, MESSAGE, NESTED } from '../../../src/protocol/openwire/type-codes.ts'

export const PRODUCER: EndpointId = { connectionId: 'ID:producer', session: 1, value: 1 }
const CONSUMER: EndpointId = { connectionId: 'ID:consumer', session: 1, value: 1 }
const QUEUE = { kind: 'queue', name: 'q' } as const

/** What a message may be in a dispatch; all of it optional. */
export interface DispatchedMessage {
  readonly type?: number
  readonly producer?: EndpointId
  readonly sequence?: number
  /** Null: the field is absent. */
  readonly content?: Uint8Array | null
  readonly compressed?: boolean
  readonly redeliveries?: number
  readonly properties?: Uint8Array
  /** Every optional field in front of the content and behind it is there. */
  readonly isFull?: boolean
}

/** A MessageDispatch, written field by field and not by the template under test. */
export function dispatchFrame(message: DispatchedMessage | null): Uint8Array {
  const writer = new ByteWriter().u8(COMMAND.messageDispatch).i32(77).bool(false)
  writeDestination(writeConsumerId(writer, CONSUMER), QUEUE)
  if (message === null) writer.bool(false)
  else writeMessage(writer.bool(true), message)
  return writer.i32(message?.redeliveries ?? 0).takeFrame()
}

/** The nested MessageId that `dispatchFrame` gives a message. */
export function messageIdBytes(producer: EndpointId, sequence: number): Uint8Array {
  const writer = new ByteWriter().bool(true).u8(NESTED.messageId).string(null)
  return writeProducerId(writer, producer)
    .i64(sequence)
    .i64(sequence + 1000)
    .take()
}

function writeMessage(writer: ByteWriter, message: DispatchedMessage): void {
  const { producer = PRODUCER, sequence = 1, isFull = false } = message
  writer
    .u8(message.type ?? MESSAGE.bytes)
    .i32(5)
    .bool(true)
  writeDestination(writeProducerId(writer, producer), QUEUE)
  if (isFull) {
    writeConnectionId(writer.bool(true).u8(NESTED.localTransactionId).i64(7), 'ID:t')
    writeDestination(writer, { kind: 'topic', name: 'original' })
  } else {
    writer.bool(false).bool(false)
  }
  writer.raw(messageIdBytes(producer, sequence))
  if (isFull) writer.bool(true).u8(NESTED.xaTransactionId).i32(1).bool(true).i32(2).raw(new Uint8Array(2)).bool(false)
  else writer.bool(false)
  writer
    .string(isFull ? 'group' : null)
    .i32(1)
    .string(isFull ? 'correlation' : null)
  writer.bool(true).i64(0).u8(4)
  if (isFull) writer.bool(true).u8(NESTED.temporaryQueue).string('reply')
  else writer.bool(false)
  writer.i64(1_700_000_000_000).string(isFull ? 'kind' : null)
  writeContent(writer, message.content === undefined ? new Uint8Array(0) : message.content)
  writeContent(writer, message.properties ?? (isFull ? new Uint8Array(9) : null))
  writer.bool(false)
  if (isFull) writeConsumerId(writer, CONSUMER)
  else writer.bool(false)
  writer
    .bool(message.compressed ?? false)
    .i32(0)
    .bool(false)
    .i64(0)
    .string(isFull ? 'user' : null)
  writer.bool(false).bool(false).bool(false).i64(1).i64(2).bool(false)
}

function writeContent(writer: ByteWriter, content: Uint8Array | null): void {
  if (content === null) writer.bool(false)
  else writer.bool(true).i32(content.length).raw(content)
}

/** The content of a TextMessage, from its bytes in modified UTF-8. */
export function textContent(bytes: Uint8Array): Uint8Array {
  return new ByteWriter().i32(bytes.length).raw(bytes).take()
}

export function responseFrame(correlationId: number): Uint8Array {
  return new ByteWriter().u8(COMMAND.response).i32(0).bool(false).i32(correlationId).takeFrame()
}

export function exceptionFrame(correlationId: number, className: string, message: string): Uint8Array {
  const writer = new ByteWriter().u8(COMMAND.exceptionResponse).i32(0).bool(false).i32(correlationId)
  return writer.bool(true).string(className).string(message).takeFrame()
}

export function connectionErrorFrame(className: string, message: string): Uint8Array {
  const writer = new ByteWriter().u8(COMMAND.connectionError).i32(0).bool(false)
  return writer.bool(true).string(className).string(message).bool(false).takeFrame()
}

/** As ActiveMQ and Artemis send it: without the destination. */
export function consumerControlFrame(isClose: boolean, prefetch: number): Uint8Array {
  const writer = new ByteWriter().u8(COMMAND.consumerControl).i32(0).bool(false).bool(false).bool(isClose)
  return writeConsumerId(writer, CONSUMER).i32(prefetch).bool(false).bool(false).bool(false).takeFrame()
}

export function brokerInfoFrame(brokerId: string): Uint8Array {
  const writer = new ByteWriter().u8(COMMAND.brokerInfo).i32(0).bool(false)
  return writer.bool(true).u8(NESTED.brokerId).string(brokerId).string('tcp://b').bool(false).string('b').takeFrame()
}

export function keepAliveFrame(responseRequired: boolean): Uint8Array {
  return new ByteWriter().u8(COMMAND.keepAliveInfo).i32(9).bool(responseRequired).takeFrame()
}

/** One frame by the template under test. */
export function templateFrame(body: Uint8Array, sequence = 1): Uint8Array {
  const spec = { producer: PRODUCER, destination: QUEUE, persistent: true, responseRequired: true }
  const template = new MessageTemplate(spec)
  const frame = new Uint8Array(template.frameBytes(body.length))
  template.write(frame, 0, 5, sequence, 1_700_000_000_000, body)
  return frame
}
