/** The arguments of the methods that a broker sends; each reader throws Amqp091ProtocolError. */
import type { Tuning } from './client-methods.ts'
import type { FieldReader } from './field-reader.ts'
import type { FieldTable } from './field-table.ts'
import { readTable } from './read-table.ts'

/** connection.start. */
export interface Start {
  readonly versionMajor: number
  readonly versionMinor: number
  readonly serverProperties: FieldTable
  /** SASL mechanisms in the broker's order. */
  readonly mechanisms: readonly string[]
}

/** connection.start. */
export function readStart(fields: FieldReader): Start {
  const versionMajor = fields.octet()
  const versionMinor = fields.octet()
  const serverProperties = readTable(fields)
  const mechanisms = fields.longString().split(' ')
  return { versionMajor, versionMinor, serverProperties, mechanisms: mechanisms.filter((name) => name !== '') }
}

/** connection.tune: what the broker offers. */
export function readTune(fields: FieldReader): Tuning {
  const channelMax = fields.short()
  const frameBytesMax = fields.long()
  return { channelMax, frameBytesMax, heartbeatSeconds: fields.short() }
}

/** Why a connection or channel is closed: connection.close, channel.close. */
export interface Reply {
  readonly code: number
  readonly text: string
}

/** connection.close or channel.close. */
export function readReply(fields: FieldReader): Reply {
  return { code: fields.short(), text: fields.shortString() }
}

/** queue.declare-ok. */
export interface DeclaredQueue {
  readonly queue: string
  /** Ready for delivery, without those that consumers hold unacknowledged. */
  readonly messages: number
  readonly consumers: number
}

/** queue.declare-ok. */
export function readDeclareOk(fields: FieldReader): DeclaredQueue {
  return { queue: fields.shortString(), messages: fields.long(), consumers: fields.long() }
}
