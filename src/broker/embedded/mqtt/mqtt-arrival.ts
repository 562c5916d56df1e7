import { ACKNOWLEDGEMENT_BYTES, writeAcknowledgement } from '../../../protocol/mqtt/acknowledgement.ts'
import type { AcknowledgementType } from '../../../protocol/mqtt/acknowledgement.ts'
import { encodeRefusedMessage } from '../../../protocol/mqtt/encode-answer.ts'
import { PACKET_TYPE } from '../../../protocol/mqtt/packet-type.ts'
import type { ProtocolLevel } from '../../../protocol/mqtt/packet-type.ts'
import type { MqttPacket } from '../../../protocol/mqtt/packet.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { Destination } from '../destination.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import type { Sender } from '../service-line.ts'
import type { KeptSession } from './kept-session.ts'
import { REASON, Refusal } from './refusal.ts'
import { isTopicName } from './topic-filter.ts'

/** What one client publishes: where it goes, and how it is answered. */
export class MqttArrival {
  /** The chunk being parsed, where it is a buffer of its own: bodies that lie in it need no copy. */
  chunk: Uint8Array | null = null
  readonly #broker: EmbeddedBroker
  readonly #connection: Connection
  readonly #sender: Sender
  readonly #kept: KeptSession
  readonly #level: ProtocolLevel
  #destination: Destination | null = null
  #topic = new Uint8Array(0)

  constructor(broker: EmbeddedBroker, connection: Connection, sender: Sender, kept: KeptSession, level: ProtocolLevel) {
    this.#broker = broker
    this.#connection = connection
    this.#sender = sender
    this.#kept = kept
    this.#level = level
  }

  /** @throws Refusal */
  onPublish(packet: MqttPacket): void {
    const { qos, packetId } = packet
    const destination = this.#destinationOf(packet)
    if (this.#broker.isOverfull) {
      this.#refuse(qos, packetId)
      return
    }
    const answer = qos === 2 ? PACKET_TYPE.pubrec : PACKET_TYPE.puback
    // Sent again because PUBREC did not come: it must not count twice.
    if (qos === 2 && !this.#kept.receive(packetId)) {
      this.#answer(answer, packetId)
      return
    }
    const body = packet.buffer === this.chunk ? packet.payload() : packet.payload().slice()
    if (this.#broker.hasFaults) {
      this.#broker.offer(destination, body, this.#sender, qos === 0 ? null : receiptOf(answer, packetId))
    } else {
      destination.accept(body)
      if (qos > 0) this.#answer(answer, packetId)
    }
  }

  onPubrel(packetId: number): void {
    this.#kept.release(packetId)
    this.#answer(PACKET_TYPE.pubcomp, packetId)
  }

  /** Nothing more goes to the last topic. */
  end(): void {
    if (this.#destination !== null) this.#broker.deleteIfUnused(this.#destination)
  }

  #answer(type: AcknowledgementType, packetId: number): void {
    const connection = this.#connection
    const at = connection.reserve(ACKNOWLEDGEMENT_BYTES)
    connection.commit(writeAcknowledgement(connection.output, at, type, packetId))
  }

  /** MQTT 3.1.1 has no way to refuse a message but to hang up. */
  #refuse(qos: number, packetId: number): void {
    if (this.#level === 4 || qos === 0) throw new Refusal(REASON.quotaExceeded, 'the broker is full')
    const type = qos === 2 ? PACKET_TYPE.pubrec : PACKET_TYPE.puback
    this.#connection.write(encodeRefusedMessage(type, packetId, REASON.quotaExceeded))
  }

  /** Looks the destination up only when it is another one than last time. @throws Refusal */
  #destinationOf(packet: MqttPacket): Destination {
    if (this.#destination?.isDeleted === false && this.#isSameTopic(packet)) return this.#destination
    const name = packet.topic()
    if (!isTopicName(name)) throw new Refusal(REASON.topicNameInvalid, 'a message for what is no topic name')
    this.end()
    const destination = this.#broker.destination('topic', name)
    this.#destination = destination
    this.#topic = packet.buffer.slice(packet.topicStart, packet.topicEnd)
    return destination
  }

  #isSameTopic({ buffer, topicStart, topicEnd }: MqttPacket): boolean {
    const known = this.#topic
    if (topicEnd - topicStart !== known.length) return false
    for (let index = 0; index < known.length; index++) {
      if (buffer[topicStart + index] !== known[index]) return false
    }
    return true
  }
}

/** The answer as bytes of its own, for when it is due later. */
function receiptOf(type: AcknowledgementType, packetId: number): Uint8Array {
  const receipt = new Uint8Array(ACKNOWLEDGEMENT_BYTES)
  writeAcknowledgement(receipt, 0, type, packetId)
  return receipt
}
