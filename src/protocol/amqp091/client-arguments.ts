/** The arguments of the methods that a client sends; each reader throws Amqp091ProtocolError. */
import type { QueueDeclaration } from './client-methods.ts'
import type { FieldReader } from './field-reader.ts'
import type { FieldTable } from './field-table.ts'
import { readTable } from './read-table.ts'

const NO_WAIT_OF_DECLARE = 16
const NO_WAIT_OF_DELETE = 4
const NO_WAIT_OF_CONSUME = 8

/** connection.start-ok. */
export interface StartOk {
  readonly clientProperties: FieldTable
  readonly mechanism: string
  /** SASL answer; holds a secret. */
  readonly response: string
}

/** connection.start-ok. */
export function readStartOk(fields: FieldReader): StartOk {
  return { clientProperties: readTable(fields), mechanism: fields.shortString(), response: fields.longString() }
}

/** exchange.declare. */
export interface ExchangeDeclaration {
  readonly exchange: string
  readonly type: string
  readonly passive: boolean
  readonly noWait: boolean
}

/** exchange.declare, without its arguments. */
export function readExchangeDeclare(fields: FieldReader): ExchangeDeclaration {
  fields.short()
  const exchange = fields.shortString()
  const type = fields.shortString()
  const bits = fields.octet()
  return { exchange, type, passive: (bits & 1) !== 0, noWait: (bits & NO_WAIT_OF_DECLARE) !== 0 }
}

/** queue.declare. */
export interface QueueAsk extends Required<QueueDeclaration> {
  readonly noWait: boolean
}

/** queue.declare. */
export function readQueueDeclare(fields: FieldReader): QueueAsk {
  fields.short()
  const queue = fields.shortString()
  const bits = fields.octet()
  return {
    queue,
    passive: (bits & 1) !== 0,
    durable: (bits & 2) !== 0,
    exclusive: (bits & 4) !== 0,
    autoDelete: (bits & 8) !== 0,
    noWait: (bits & NO_WAIT_OF_DECLARE) !== 0,
    arguments: readTable(fields),
  }
}

/** queue.bind and queue.unbind. */
export interface BindingAsk {
  readonly queue: string
  readonly exchange: string
  readonly routingKey: string
  readonly noWait: boolean
}

/** queue.bind, without its arguments. */
export function readQueueBind(fields: FieldReader): BindingAsk {
  return { ...readQueueUnbind(fields), noWait: (fields.octet() & 1) !== 0 }
}

/** queue.unbind, without its arguments; it is always answered. */
export function readQueueUnbind(fields: FieldReader): BindingAsk {
  fields.short()
  return {
    queue: fields.shortString(),
    exchange: fields.shortString(),
    routingKey: fields.shortString(),
    noWait: false,
  }
}

/** queue.purge and queue.delete. */
export interface QueueName {
  readonly queue: string
  readonly noWait: boolean
}

/** queue.purge. */
export function readQueuePurge(fields: FieldReader): QueueName {
  fields.short()
  return { queue: fields.shortString(), noWait: (fields.octet() & 1) !== 0 }
}

/** queue.delete; `if-unused` and `if-empty` are not read. */
export function readQueueDelete(fields: FieldReader): QueueName {
  fields.short()
  return { queue: fields.shortString(), noWait: (fields.octet() & NO_WAIT_OF_DELETE) !== 0 }
}

/** basic.consume. */
export interface ConsumeAsk {
  readonly queue: string
  /** Empty: the broker makes one. */
  readonly consumerTag: string
  readonly noAck: boolean
  readonly noWait: boolean
}

/** basic.consume, without its arguments. */
export function readConsume(fields: FieldReader): ConsumeAsk {
  fields.short()
  const queue = fields.shortString()
  const consumerTag = fields.shortString()
  const bits = fields.octet()
  return { queue, consumerTag, noAck: (bits & 2) !== 0, noWait: (bits & NO_WAIT_OF_CONSUME) !== 0 }
}

/** The prefetch count of basic.qos; 0: no limit. */
export function readPrefetch(fields: FieldReader): number {
  fields.long()
  return fields.short()
}

/** basic.cancel. */
export function readCancel(fields: FieldReader): { readonly consumerTag: string; readonly noWait: boolean } {
  return { consumerTag: fields.shortString(), noWait: (fields.octet() & 1) !== 0 }
}

/** Exchange and routing key of basic.publish, and whether it is mandatory. */
export interface PublishAddress {
  readonly exchange: string
  readonly routingKey: string
  readonly mandatory: boolean
}

/** basic.publish. */
export function readPublish(fields: FieldReader): PublishAddress {
  fields.short()
  return {
    exchange: fields.shortString(),
    routingKey: fields.shortString(),
    mandatory: (fields.octet() & 1) !== 0,
  }
}
