/** What follows a packet's length, by type: fills the fields of MqttPacket. The packet is whole. */
import type { BrokenPacket } from './broken-packet.ts'
import { brokenConnect } from './connect.ts'
import { PACKET_TYPE } from './packet-type.ts'
import type { ProtocolLevel } from './packet-type.ts'
import type { MqttPacket } from './packet.ts'
import { brokenProperty } from './properties.ts'
import { brokenFilters } from './subscribe.ts'
import { endOfVariableInteger, readVariableInteger } from './variable-integer.ts'

/** Sets the fields of the packet's type; null where it is well-formed. */
export function readBody(packet: MqttPacket, level: ProtocolLevel): BrokenPacket | null {
  switch (packet.type) {
    case PACKET_TYPE.publish:
      return readPublish(packet, level)
    case PACKET_TYPE.puback:
    case PACKET_TYPE.pubrec:
    case PACKET_TYPE.pubrel:
    case PACKET_TYPE.pubcomp:
      return readAcknowledgement(packet, level)
    case PACKET_TYPE.connack:
      return readConnack(packet, level)
    case PACKET_TYPE.suback:
    case PACKET_TYPE.unsuback:
      return readSubscription(packet, level)
    case PACKET_TYPE.disconnect:
    case PACKET_TYPE.auth:
      return readReason(packet, level)
    case PACKET_TYPE.pingreq:
    case PACKET_TYPE.pingresp:
      return packet.start === packet.end ? null : { at: 0, expected: 'a ping without anything behind it' }
    case PACKET_TYPE.connect:
      return brokenConnect(packet)
    case PACKET_TYPE.subscribe:
    case PACKET_TYPE.unsubscribe:
      return readSubscription(packet, level) ?? brokenFilters(packet)
  }
}

function readPublish(packet: MqttPacket, level: ProtocolLevel): BrokenPacket | null {
  const { buffer, start, end } = packet
  if (start + 2 > end) return { at: 0, expected: 'the length of a topic name' }
  const topicEnd = start + 2 + (((buffer[start] as number) << 8) | (buffer[start + 1] as number))
  if (topicEnd > end) return { at: 0, expected: 'a topic name within its packet' }
  packet.topicStart = start + 2
  packet.topicEnd = topicEnd
  packet.reasonCode = 0
  if ((packet.flags & 0x06) === 0) {
    packet.packetId = 0
    packet.payloadStart = topicEnd
  } else {
    const broken = readPacketId(packet, topicEnd)
    if (broken !== null) return broken
  }
  return level === 4 ? noProperties(packet) : readProperties(packet, packet.payloadStart)
}

/** PUBACK and its like; MQTT 5 leaves out the reason where it is success, and the properties where there are none. */
function readAcknowledgement(packet: MqttPacket, level: ProtocolLevel): BrokenPacket | null {
  const broken = readPacketId(packet, packet.start)
  if (broken !== null) return broken
  packet.reasonCode = 0
  if (packet.payloadStart === packet.end) return noProperties(packet)
  if (level === 4) return { at: 2, expected: 'nothing behind the packet id' }
  return readReasonAt(packet, packet.payloadStart)
}

/** An answer of two bytes is taken in MQTT 5 too: older brokers say in it that they do not speak MQTT 5. */
function readConnack(packet: MqttPacket, level: ProtocolLevel): BrokenPacket | null {
  const { buffer, start, end } = packet
  if (start + 2 > end) return { at: 0, expected: 'flags and code of a CONNACK' }
  if ((buffer[start] as number) > 1) return { at: 0, expected: 'CONNACK flags of 0 or 1' }
  packet.reasonCode = buffer[start + 1] as number
  packet.payloadStart = start + 2
  if (start + 2 === end) return noProperties(packet)
  if (level === 4) return { at: 2, expected: 'nothing behind the code of a CONNACK' }
  return endsWithProperties(packet)
}

/** SUBSCRIBE, UNSUBSCRIBE and their answers: a packet id, properties, and what is asked or answered. */
function readSubscription(packet: MqttPacket, level: ProtocolLevel): BrokenPacket | null {
  const broken = readPacketId(packet, packet.start)
  if (broken !== null) return broken
  return level === 4 ? noProperties(packet) : readProperties(packet, packet.payloadStart)
}

/** DISCONNECT and AUTH: nothing at all means success. */
function readReason(packet: MqttPacket, level: ProtocolLevel): BrokenPacket | null {
  packet.reasonCode = 0
  packet.payloadStart = packet.start
  if (packet.start === packet.end) return noProperties(packet)
  if (level === 4) return { at: 0, expected: 'nothing behind the length of a DISCONNECT' }
  return readReasonAt(packet, packet.start)
}

function readReasonAt(packet: MqttPacket, at: number): BrokenPacket | null {
  packet.reasonCode = packet.buffer[at] as number
  packet.payloadStart = at + 1
  return packet.payloadStart === packet.end ? noProperties(packet) : endsWithProperties(packet)
}

function readPacketId(packet: MqttPacket, at: number): BrokenPacket | null {
  const { buffer, start, end } = packet
  if (at + 2 > end) return { at: at - start, expected: 'a packet id' }
  const packetId = ((buffer[at] as number) << 8) | (buffer[at + 1] as number)
  if (packetId === 0) return { at: at - start, expected: 'a packet id other than 0' }
  packet.packetId = packetId
  packet.payloadStart = at + 2
  return null
}

function endsWithProperties(packet: MqttPacket): BrokenPacket | null {
  const broken = readProperties(packet, packet.payloadStart)
  if (broken !== null || packet.payloadStart === packet.end) return broken
  return { at: packet.payloadStart - packet.start, expected: 'nothing behind the properties' }
}

/** Reads the properties at `at`; the payload begins behind them. */
function readProperties(packet: MqttPacket, at: number): BrokenPacket | null {
  const { buffer, start, end } = packet
  const length = readVariableInteger(buffer, at, end)
  if (length < 0) return { at: at - start, expected: 'the length of properties' }
  const propertiesStart = endOfVariableInteger(buffer, at)
  if (propertiesStart + length > end) return { at: at - start, expected: 'properties within their packet' }
  packet.propertiesStart = propertiesStart
  packet.propertiesEnd = propertiesStart + length
  packet.payloadStart = packet.propertiesEnd
  if (length === 0) return null
  const broken = brokenProperty(buffer, propertiesStart, packet.propertiesEnd)
  return broken < 0 ? null : { at: broken - start, expected: 'a property of MQTT 5, whole' }
}

function noProperties(packet: MqttPacket): null {
  packet.propertiesStart = packet.payloadStart
  packet.propertiesEnd = packet.payloadStart
  return null
}
