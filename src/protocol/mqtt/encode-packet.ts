/** Packets of a session's beginning and end, each as bytes of its own. What goes out per message is written in place. */
import { fixedFlags, PACKET_TYPE } from './packet-type.ts'
import type { PacketType, ProtocolLevel, Qos } from './packet-type.ts'
import { PROPERTY } from './properties.ts'
import { variableIntegerBytes, writeVariableInteger } from './variable-integer.ts'

const encoder = new TextEncoder()

export interface ConnectFields {
  readonly level: ProtocolLevel
  readonly clientId: string
  /** The broker forgets an older session of this client id; in MQTT 3.1.1 also this one at its end. */
  readonly clean: boolean
  readonly keepAliveSeconds: number
  readonly username: string | null
  /** MQTT 3.1.1 has none without a user name. */
  readonly password: string | null
  /** MQTT 5: seconds for which the broker keeps the session after the connection. */
  readonly sessionExpirySeconds: number
  /** MQTT 5: QoS 1 and 2 messages that the broker may have unacknowledged; null: the protocol's default. */
  readonly receiveMaximum: number | null
}

/** CONNECT, MQTT 3.1.1 section 3.1 and MQTT 5 section 3.1. There is no will. */
export function encodeConnect(fields: ConnectFields): Uint8Array {
  const { level, clean, keepAliveSeconds, username, receiveMaximum } = fields
  const password = username === null && level === 4 ? null : fields.password
  const flags = (username === null ? 0 : 0x80) | (password === null ? 0 : 0x40) | (clean ? 0x02 : 0)
  const properties = [
    ...[PROPERTY.sessionExpirySeconds, ...fourBytes(fields.sessionExpirySeconds)],
    ...(receiveMaximum === null ? [] : [PROPERTY.receiveMaximum, ...twoBytes(receiveMaximum)]),
  ]
  return packet(PACKET_TYPE.connect, [
    text('MQTT'),
    [level, flags, ...twoBytes(keepAliveSeconds)],
    level === 5 ? [properties.length, ...properties] : [],
    text(fields.clientId),
    username === null ? [] : text(username),
    password === null ? [] : text(password),
  ])
}

/** SUBSCRIBE to one filter. @param packetId 1 to 65,535 */
export function encodeSubscribe(level: ProtocolLevel, packetId: number, filter: string, qos: Qos): Uint8Array {
  return packet(PACKET_TYPE.subscribe, [twoBytes(packetId), level === 5 ? [0] : [], text(filter), [qos]])
}

/** UNSUBSCRIBE from one filter. @param packetId 1 to 65,535 */
export function encodeUnsubscribe(level: ProtocolLevel, packetId: number, filter: string): Uint8Array {
  return packet(PACKET_TYPE.unsubscribe, [twoBytes(packetId), level === 5 ? [0] : [], text(filter)])
}

/** PINGREQ, PINGRESP, or DISCONNECT with reason 0: nothing but the type. */
export function encodeBare(type: PacketType): Uint8Array {
  return packet(type, [])
}

/** A string with its length in front. @throws RangeError beyond 65,535 bytes */
export function text(value: string): Uint8Array {
  const bytes = encoder.encode(value)
  if (bytes.length > 65_535) throw new RangeError(`MQTT strings have at most 65,535 bytes, this one ${bytes.length}`)
  const framed = new Uint8Array(2 + bytes.length)
  framed.set(twoBytes(bytes.length))
  framed.set(bytes, 2)
  return framed
}

function packet(type: PacketType, parts: readonly ArrayLike<number>[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const bytes = new Uint8Array(1 + variableIntegerBytes(length) + length)
  bytes[0] = (type << 4) | fixedFlags(type)
  let position = writeVariableInteger(bytes, 1, length)
  for (const part of parts) {
    bytes.set(part, position)
    position += part.length
  }
  return bytes
}

function twoBytes(value: number): [number, number] {
  return [value >> 8, value & 0xff]
}

function fourBytes(value: number): [number, number, number, number] {
  return [value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]
}
