import type { MqttPacket } from './packet.ts'
import { numberOfProperty, PROPERTY } from './properties.ts'

/** What a broker allows, from its CONNACK; in MQTT 3.1.1 the defaults, because it has no properties. */
export interface Connack {
  readonly isSessionPresent: boolean
  /** QoS 1 and 2 messages that the client may have unacknowledged: 1 to 65,535. */
  readonly receiveMaximum: number
  readonly maximumQos: 0 | 1 | 2
  /** Bytes of one packet; Infinity where the broker names no limit. */
  readonly maximumPacketBytes: number
  /** Overrules the keep-alive that CONNECT asked for; null: it does not. */
  readonly serverKeepAliveSeconds: number | null
  /** False: the broker says that it has no shared subscriptions. True says nothing where it speaks MQTT 3.1.1. */
  readonly sharedSubscriptions: boolean
}

/** A copy of what a CONNACK says. */
export function readConnack(packet: MqttPacket): Connack {
  const receiveMaximum = numberOf(packet, PROPERTY.receiveMaximum, 2)
  const maximumQos = numberOf(packet, PROPERTY.maximumQos, 1)
  return {
    isSessionPresent: packet.isSessionPresent,
    receiveMaximum: receiveMaximum === null || receiveMaximum === 0 ? 65_535 : receiveMaximum,
    maximumQos: maximumQos === 0 || maximumQos === 1 ? maximumQos : 2,
    maximumPacketBytes: numberOf(packet, PROPERTY.maximumPacketBytes, 4) ?? Infinity,
    serverKeepAliveSeconds: numberOf(packet, PROPERTY.serverKeepAliveSeconds, 2),
    sharedSubscriptions: numberOf(packet, PROPERTY.sharedSubscriptionAvailable, 1) !== 0,
  }
}

function numberOf(packet: MqttPacket, identifier: number, bytes: 1 | 2 | 4): number | null {
  return numberOfProperty(packet.buffer, packet.propertiesStart, packet.propertiesEnd, identifier, bytes)
}
