/** What a server answers at a session's beginning and end, each as bytes of its own. */
import { packetOf, propertiesOf, text, twoBytes } from './packet-parts.ts'
import { PACKET_TYPE } from './packet-type.ts'
import type { ProtocolLevel } from './packet-type.ts'
import { PROPERTY } from './properties.ts'

/** CONNACK, MQTT 3.1.1 section 3.2 and MQTT 5 section 3.2. */
export interface ConnackFields {
  readonly isSessionPresent: boolean
  /** MQTT 5: the client id that the server made; null where the client brought one. */
  readonly assignedClientId: string | null
}

/** A CONNACK that accepts: in MQTT 5 one that offers neither retained messages nor wildcards nor subscription identifiers. */
export function encodeConnack(level: ProtocolLevel, fields: ConnackFields): Uint8Array {
  const flags = fields.isSessionPresent ? 1 : 0
  if (level === 4) return packetOf(PACKET_TYPE.connack, [[flags, 0]])
  const { assignedClientId } = fields
  const properties = propertiesOf([
    [PROPERTY.retainAvailable, 0],
    [PROPERTY.wildcardSubscriptionAvailable, 0],
    [PROPERTY.subscriptionIdentifiersAvailable, 0],
    ...(assignedClientId === null ? [] : [[PROPERTY.assignedClientId], text(assignedClientId)]),
  ])
  return packetOf(PACKET_TYPE.connack, [[flags, 0], properties])
}

/** A CONNACK that refuses. @param code return code of MQTT 3.1.1, reason code of MQTT 5. */
export function encodeRefusal(level: ProtocolLevel, code: number): Uint8Array {
  return packetOf(PACKET_TYPE.connack, [[0, code], level === 5 ? [0] : []])
}

/** SUBACK with a code for each filter. */
export function encodeSuback(level: ProtocolLevel, packetId: number, codes: readonly number[]): Uint8Array {
  return packetOf(PACKET_TYPE.suback, [twoBytes(packetId), level === 5 ? [0] : [], codes])
}

/** UNSUBACK; its codes, one for each filter, are MQTT 5 only. */
export function encodeUnsuback(level: ProtocolLevel, packetId: number, codes: readonly number[]): Uint8Array {
  return packetOf(PACKET_TYPE.unsuback, [twoBytes(packetId), ...(level === 5 ? [[0], codes] : [])])
}

/** DISCONNECT of an MQTT 5 server, with its reason as a code and in words. */
export function encodeDisconnect(reasonCode: number, reason: string): Uint8Array {
  return packetOf(PACKET_TYPE.disconnect, [[reasonCode], propertiesOf([[PROPERTY.reasonString], text(reason)])])
}

/** PUBACK or PUBREC of MQTT 5 that refuses a message. */
export function encodeRefusedMessage(
  type: (typeof PACKET_TYPE)['puback' | 'pubrec'],
  packetId: number,
  reasonCode: number,
): Uint8Array {
  return packetOf(type, [twoBytes(packetId), [reasonCode]])
}
