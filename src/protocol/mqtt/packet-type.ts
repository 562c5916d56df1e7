/** MQTT's protocol level as it stands in CONNECT: 4 is MQTT 3.1.1, 5 is MQTT 5. */
export type ProtocolLevel = 4 | 5

/** Quality of service: at most once, at least once, exactly once. */
export type Qos = 0 | 1 | 2

/** Control packet types (MQTT 5 section 2.1.2): the upper four bits of a packet's first byte. AUTH is MQTT 5 only. */
export const PACKET_TYPE = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
  auth: 15,
} as const

export type PacketType = (typeof PACKET_TYPE)[keyof typeof PACKET_TYPE]

const NAMES: readonly string[] = ['reserved', ...Object.keys(PACKET_TYPE).map((name) => name.toUpperCase())]

/** `PUBACK`, for sentences. */
export function packetName(type: number): string {
  return NAMES[type] ?? 'reserved'
}

/** The lower four bits that the specification fixes for a type; PUBLISH has flags of its own there. */
export function fixedFlags(type: number): number {
  return type === PACKET_TYPE.pubrel || type === PACKET_TYPE.subscribe || type === PACKET_TYPE.unsubscribe ? 2 : 0
}
