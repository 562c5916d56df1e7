/** The methods by which a client opens, declares, consumes and closes, as whole frames. */
import { methodFrame } from './field-writer.ts'
import type { FieldTable } from './field-table.ts'
import { METHOD } from './method.ts'

/** Bits of queue.declare. */
const PASSIVE = 1
const DURABLE = 2
const EXCLUSIVE = 4
const AUTO_DELETE = 8
/** Bit of basic.consume. */
const NO_ACK = 2

const NONE: FieldTable = new Map()

/** connection.start-ok. @param response of the SASL mechanism. @throws RangeError for a mechanism's name beyond 255 bytes. */
export function startOk(clientProperties: FieldTable, mechanism: string, response: Uint8Array): Uint8Array {
  return methodFrame(0, METHOD.connectionStartOk, (fields) =>
    fields.table(clientProperties).shortString(mechanism).longString(response).shortString('en_US'),
  )
}

/** What both sides keep to from here on; 0 = no limit, and no heart-beat. */
export interface Tuning {
  readonly channelMax: number
  readonly frameBytesMax: number
  readonly heartbeatSeconds: number
}

/** connection.tune-ok. */
export function tuneOk({ channelMax, frameBytesMax, heartbeatSeconds }: Tuning): Uint8Array {
  return methodFrame(0, METHOD.connectionTuneOk, (fields) =>
    fields.short(channelMax).long(frameBytesMax).short(heartbeatSeconds),
  )
}

/** connection.open. @throws RangeError where the virtual host's name is longer than 255 bytes. */
export function connectionOpen(virtualHost: string): Uint8Array {
  return methodFrame(0, METHOD.connectionOpen, (fields) => fields.shortString(virtualHost).shortString('').octet(0))
}

/** connection.close on channel 0, channel.close on every other, with the reply code 200. */
export function close(channel: number): Uint8Array {
  const method = channel === 0 ? METHOD.connectionClose : METHOD.channelClose
  return methodFrame(channel, method, (fields) => fields.short(200).shortString('Goodbye').short(0).short(0))
}

/** connection.close-ok on channel 0, channel.close-ok on every other. */
export function closeOk(channel: number): Uint8Array {
  return methodFrame(channel, channel === 0 ? METHOD.connectionCloseOk : METHOD.channelCloseOk)
}

/** channel.open. */
export function channelOpen(channel: number): Uint8Array {
  return methodFrame(channel, METHOD.channelOpen, (fields) => fields.shortString(''))
}

/** channel.flow-ok. @param isActive as channel.flow said. */
export function channelFlowOk(channel: number, isActive: boolean): Uint8Array {
  return methodFrame(channel, METHOD.channelFlowOk, (fields) => fields.octet(isActive ? 1 : 0))
}

/** confirm.select: from here on the broker confirms every message. */
export function confirmSelect(channel: number): Uint8Array {
  return methodFrame(channel, METHOD.confirmSelect, (fields) => fields.octet(0))
}

/** tx.select: what follows on the channel takes effect by tx.commit, and by nothing else. */
export function txSelect(channel: number): Uint8Array {
  return methodFrame(channel, METHOD.txSelect)
}

/** tx.commit. */
export function txCommit(channel: number): Uint8Array {
  return methodFrame(channel, METHOD.txCommit)
}

/** tx.rollback. */
export function txRollback(channel: number): Uint8Array {
  return methodFrame(channel, METHOD.txRollback)
}

/** A queue as queue.declare asks for it; what is not given is false. */
export interface QueueDeclaration {
  /** Empty: the broker makes a name and tells it. */
  readonly queue: string
  /** Only asks whether it is there, and for its depth. */
  readonly passive?: boolean
  readonly durable?: boolean
  readonly exclusive?: boolean
  readonly autoDelete?: boolean
  readonly arguments?: FieldTable
}

/** queue.declare. @throws RangeError where a name is longer than 255 bytes. */
export function queueDeclare(channel: number, declaration: QueueDeclaration): Uint8Array {
  const { queue, passive = false, durable = false, exclusive = false, autoDelete = false } = declaration
  const bits =
    (passive ? PASSIVE : 0) | (durable ? DURABLE : 0) | (exclusive ? EXCLUSIVE : 0) | (autoDelete ? AUTO_DELETE : 0)
  return methodFrame(channel, METHOD.queueDeclare, (fields) =>
    fields
      .short(0)
      .shortString(queue)
      .octet(bits)
      .table(declaration.arguments ?? NONE),
  )
}

/** queue.bind. @throws RangeError where a name is longer than 255 bytes. */
export function queueBind(channel: number, queue: string, exchange: string, routingKey: string): Uint8Array {
  return methodFrame(channel, METHOD.queueBind, (fields) =>
    fields.short(0).shortString(queue).shortString(exchange).shortString(routingKey).octet(0).table(NONE),
  )
}

/** queue.delete, whether or not it is used or empty. @throws RangeError where the name is longer than 255 bytes. */
export function queueDelete(channel: number, queue: string): Uint8Array {
  return methodFrame(channel, METHOD.queueDelete, (fields) => fields.short(0).shortString(queue).octet(0))
}

/** basic.qos. @param prefetch messages, for each consumer of the channel; 0 = no limit, at most 65,535. */
export function basicQos(channel: number, prefetch: number): Uint8Array {
  return methodFrame(channel, METHOD.basicQos, (fields) => fields.long(0).short(prefetch).octet(0))
}

/** basic.consume. @param noAck the broker forgets what it has sent. @throws RangeError where a name is longer than 255 bytes. */
export function basicConsume(channel: number, queue: string, consumerTag: string, noAck: boolean): Uint8Array {
  return methodFrame(channel, METHOD.basicConsume, (fields) =>
    fields
      .short(0)
      .shortString(queue)
      .shortString(consumerTag)
      .octet(noAck ? NO_ACK : 0)
      .table(NONE),
  )
}
