/** What a PUBLISH of MQTT 5 carries beside its payload (section 3.3.2.3), as far as it is used here. */
import type { MqttPacket } from './packet.ts'
import { fourBytes, text } from './packet-parts.ts'
import { endOfProperty, numberOfProperty, PROPERTY } from './properties.ts'
import { textAt, textEnd } from './text.ts'

export interface MqttMessageProperties {
  /** Seconds after which the message is not to be delivered any more: 0 to 4,294,967,295; null: it does not expire. */
  readonly expirySeconds: number | null
  /** Names may come more than once. */
  readonly userProperties: readonly (readonly [string, string])[]
}

/** The properties without their length. @throws RangeError for a name or value of more than 65,535 bytes */
export function encodeMessageProperties({ expirySeconds, userProperties }: MqttMessageProperties): Uint8Array {
  return Uint8Array.from([
    ...(expirySeconds === null ? [] : [PROPERTY.messageExpirySeconds, ...fourBytes(expirySeconds)]),
    ...userProperties.flatMap(([name, value]) => [PROPERTY.userProperty, ...text(name), ...text(value)]),
  ])
}

/** A copy of what a PUBLISH says. */
export function readMessageProperties(packet: MqttPacket): MqttMessageProperties {
  const { buffer, propertiesStart, propertiesEnd } = packet
  const { messageExpirySeconds, userProperty } = PROPERTY
  const userProperties: [string, string][] = []
  for (let at = propertiesStart; at < propertiesEnd; at = endOfProperty(buffer, at, propertiesEnd)) {
    if (buffer[at] !== userProperty) continue
    userProperties.push([textAt(buffer, at + 1), textAt(buffer, textEnd(buffer, at + 1, propertiesEnd))])
  }
  return {
    expirySeconds: numberOfProperty(buffer, propertiesStart, propertiesEnd, messageExpirySeconds, 4),
    userProperties,
  }
}
