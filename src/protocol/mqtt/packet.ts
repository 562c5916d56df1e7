import type { PacketType } from './packet-type.ts'
import { PACKET_TYPE } from './packet-type.ts'

/**
 * One packet where it lies in the parser's bytes. The parser re-uses one object: everything read from it is valid only
 * during `onPacket`. Which fields are set depends on `type`; the others hold what an earlier packet left.
 */
export class MqttPacket {
  type: PacketType = PACKET_TYPE.pingresp
  /** Lower four bits of the first byte. */
  flags = 0
  /** Holds the packet; what follows its first byte and length lies from `start` to `end`. */
  buffer: Uint8Array = EMPTY
  start = 0
  end = 0
  /** PUBLISH at QoS 1 and 2, acknowledgements, subscriptions and their answers: 1 to 65,535; PUBLISH at QoS 0: 0. */
  packetId = 0
  /** CONNACK, acknowledgements, DISCONNECT and AUTH: return code of MQTT 3.1.1, reason code of MQTT 5. 0 is success. */
  reasonCode = 0
  /** PUBLISH: its topic name in UTF-8. */
  topicStart = 0
  topicEnd = 0
  /** Properties without their length; empty in MQTT 3.1.1. */
  propertiesStart = 0
  propertiesEnd = 0
  /** PUBLISH: the message; SUBSCRIBE and UNSUBSCRIBE: the filters; their answers: a code for each. Ends with the packet. */
  payloadStart = 0

  /** PUBLISH: the peer may have sent this message before. */
  get isDuplicate(): boolean {
    return (this.flags & 0x08) !== 0
  }

  /** PUBLISH: to be kept by a server for later subscribers, or kept so. */
  get isRetained(): boolean {
    return (this.flags & 0x01) !== 0
  }

  /** PUBLISH: quality of service. */
  get qos(): number {
    return (this.flags >> 1) & 3
  }

  /** CONNACK: the broker kept a session for this client id. */
  get isSessionPresent(): boolean {
    return ((this.buffer[this.start] as number) & 1) !== 0
  }

  /** A view of the payload, no copy. */
  payload(): Uint8Array {
    return new Uint8Array(this.buffer.buffer, this.buffer.byteOffset + this.payloadStart, this.end - this.payloadStart)
  }

  /** PUBLISH: its topic name. */
  topic(): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.buffer.subarray(this.topicStart, this.topicEnd))
  }
}

const EMPTY = new Uint8Array(0)
