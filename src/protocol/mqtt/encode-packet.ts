/** Packets of a session's beginning and end, each as bytes of its own. What goes out per message is written in place. */
import { fourBytes, packetOf, propertiesOf, text, twoBytes } from './packet-parts.ts'
import { PACKET_TYPE } from './packet-type.ts'
import type { PacketType, ProtocolLevel, Qos } from './packet-type.ts'
import { PROPERTY } from './properties.ts'

/** Flag of PUBLISH. */
const RETAINED = 1

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
    [PROPERTY.sessionExpirySeconds, ...fourBytes(fields.sessionExpirySeconds)],
    receiveMaximum === null ? [] : [PROPERTY.receiveMaximum, ...twoBytes(receiveMaximum)],
  ]
  return packetOf(PACKET_TYPE.connect, [
    text('MQTT'),
    [level, flags, ...twoBytes(keepAliveSeconds)],
    level === 5 ? propertiesOf(properties) : [],
    text(fields.clientId),
    username === null ? [] : text(username),
    password === null ? [] : text(password),
  ])
}

/** SUBSCRIBE to one filter. @param packetId 1 to 65,535 */
export function encodeSubscribe(level: ProtocolLevel, packetId: number, filter: string, qos: Qos): Uint8Array {
  return packetOf(PACKET_TYPE.subscribe, [twoBytes(packetId), level === 5 ? [0] : [], text(filter), [qos]])
}

/** UNSUBSCRIBE from one filter. @param packetId 1 to 65,535 */
export function encodeUnsubscribe(level: ProtocolLevel, packetId: number, filter: string): Uint8Array {
  return packetOf(PACKET_TYPE.unsubscribe, [twoBytes(packetId), level === 5 ? [0] : [], text(filter)])
}

/** PINGREQ, PINGRESP, or DISCONNECT with reason 0: nothing but the type. */
export function encodeBare(type: PacketType): Uint8Array {
  return packetOf(type, [])
}

/** PUBLISH of a short retained text at QoS 0. */
export function encodeRetained(level: ProtocolLevel, topic: string, body: string): Uint8Array {
  const packet = packetOf(PACKET_TYPE.publish, [text(topic), level === 5 ? [0] : [], new TextEncoder().encode(body)])
  packet[0] = (PACKET_TYPE.publish << 4) | RETAINED
  return packet
}
