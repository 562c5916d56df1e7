import type { MqttLimits } from '../../../src/protocol/mqtt/limits.ts'
import { PACKET_TYPE, packetName } from '../../../src/protocol/mqtt/packet-type.ts'
import type { ProtocolLevel } from '../../../src/protocol/mqtt/packet-type.ts'
import type { MqttPacket } from '../../../src/protocol/mqtt/packet.ts'
import { MqttParser } from '../../../src/protocol/mqtt/parser.ts'

/** A packet copied out of the parser: its type, flags, and the fields of its type. */
export interface SeenPacket {
  readonly type: string
  readonly flags: number
  readonly packetId?: number
  readonly reasonCode?: number
  readonly topic?: string
  /** Each byte one character. */
  readonly properties?: string
  readonly payload: string
}

/** What came of feeding `chunks` one after the other. */
export interface Parsed {
  readonly packets: readonly SeenPacket[]
  /** What the parser threw, as `offset: expected`; null for nothing. */
  readonly error: string | null
}

/** Feeds the chunks, each overwritten after its call as a shared read buffer would be. */
export function parseChunks(chunks: readonly Uint8Array[], level: ProtocolLevel = 4, limits?: MqttLimits): Parsed {
  const packets: SeenPacket[] = []
  const parser = new MqttParser({ onPacket: (packet) => packets.push(seenOf(packet)) }, level, limits)
  try {
    for (const chunk of chunks) {
      const shared = chunk.slice()
      parser.feed(shared)
      shared.fill(0xee)
    }
    return { packets, error: null }
  } catch (error) {
    if (!(error instanceof Error && 'offset' in error && 'expected' in error)) throw error
    return { packets, error: `${String(error.offset)}: ${String(error.expected)}` }
  }
}

/** One chunk for each byte. */
export function oneByOne(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (octet) => new Uint8Array([octet]))
}

/** The chunks between the cuts, which count modulo the length. */
export function splitAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const within = cuts.map((cut) => (bytes.length === 0 ? 0 : cut % (bytes.length + 1)))
  const edges = [0, ...[...new Set(within)].toSorted((a, b) => a - b), bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

/** The bytes of a text, each character one byte. */
export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** A copy of the packet that the parser hands over. */
export function seenOf(packet: MqttPacket): SeenPacket {
  const { type, flags, buffer, start, end, packetId, reasonCode, propertiesStart, propertiesEnd } = packet
  const seen = { type: packetName(type), flags }
  const properties = latin1(buffer.subarray(propertiesStart, propertiesEnd))
  switch (type) {
    case PACKET_TYPE.publish:
      return { ...seen, packetId, topic: packet.topic(), properties, payload: latin1(packet.payload()) }
    case PACKET_TYPE.puback:
    case PACKET_TYPE.pubrec:
    case PACKET_TYPE.pubrel:
    case PACKET_TYPE.pubcomp:
      return { ...seen, packetId, reasonCode, properties, payload: '' }
    case PACKET_TYPE.suback:
    case PACKET_TYPE.unsuback:
      return { ...seen, packetId, properties, payload: latin1(packet.payload()) }
    case PACKET_TYPE.connack:
    case PACKET_TYPE.disconnect:
    case PACKET_TYPE.auth:
      return { ...seen, reasonCode, properties, payload: '' }
    default:
      return { ...seen, payload: latin1(buffer.subarray(start, end)) }
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}
