import { ACKNOWLEDGEMENT_BYTES, writeAcknowledgement } from '../../../protocol/mqtt/acknowledgement.ts'
import { PACKET_TYPE } from '../../../protocol/mqtt/packet-type.ts'
import type { ProtocolLevel } from '../../../protocol/mqtt/packet-type.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import { storedBytes } from '../stored-message.ts'
import type { StoredMessage } from '../stored-message.ts'
import { Deliveries, packetIdOf } from './deliveries.ts'
import type { MqttSubscription } from './mqtt-subscription.ts'

/** In the first byte of a PUBLISH: it was sent before. */
const DUPLICATE = 0x08

/** The connection of a client, and what the client said that it takes. */
export interface Link {
  readonly connection: Connection
  readonly level: ProtocolLevel
  /** QoS 1 and 2 messages without an answer. */
  readonly receiveMaximum: number
  /** Bytes of one packet. */
  readonly maximumPacketBytes: number
}

/**
 * What goes to one client. Deliveries at QoS 1 and 2 outlive the connection: on the next one those without an answer go
 * out again first, in their order and under their packet ids.
 */
export class Outbox {
  readonly #broker: EmbeddedBroker
  readonly #deliveries = new Deliveries()
  #link: Link | null = null
  /** Sent on this connection and not answered: counts against the receive-maximum. */
  #underway = 0
  /** Number of the next delivery that has to go out again; that of the next new one where none has to. */
  #resendAt = 1

  constructor(broker: EmbeddedBroker) {
    this.#broker = broker
  }

  get isAttached(): boolean {
    return this.#link !== null
  }

  get level(): ProtocolLevel {
    return this.#link?.level ?? 4
  }

  /** `resend` is to follow. */
  attach(link: Link): void {
    this.#link = link
    this.#underway = 0
    this.#resendAt = this.#deliveries.low
  }

  detach(): void {
    this.#link = null
  }

  canSend(qos: number): boolean {
    const link = this.#link
    if (link === null || link.connection.isBlocked || !this.#broker.serves) return false
    if (qos === 0) return true
    const deliveries = this.#deliveries
    return this.#underway < link.receiveMaximum && this.#resendAt === deliveries.next && deliveries.hasRoom
  }

  /** Only where `canSend`. */
  send(message: StoredMessage, subscription: MqttSubscription): void {
    const { qos, template } = subscription
    const link = this.#link
    if (link === null || template.packetBytes(message.body.length) > link.maximumPacketBytes) {
      // MQTT 5 section 3.1.2.11.4: as if it had been sent.
      this.#broker.add(-storedBytes(message))
      return
    }
    let packetId = 0
    if (qos === 0) {
      this.#broker.add(-storedBytes(message))
    } else {
      packetId = this.#deliveries.add(message, subscription)
      this.#resendAt = this.#deliveries.next
      this.#underway++
    }
    this.#write(link, message, subscription, packetId)
  }

  /** PUBACK or PUBCOMP. @returns false for a packet id that has none due. */
  onAnswered(packetId: number, isPubcomp: boolean): boolean {
    const deliveries = this.#deliveries
    const number = deliveries.numberOf(packetId)
    if (number < 0 || number >= this.#resendAt) return false
    const owner = deliveries.ownerOf(number)
    const message = deliveries.messageOf(number)
    if (isPubcomp !== deliveries.isReleased(number) || owner === null) return false
    deliveries.remove(number)
    this.#underway--
    if (message !== null) this.#broker.add(-storedBytes(message))
    return true
  }

  /** PUBREC. @param isRefusal the client does not want the message, and no PUBREL. */
  onReceived(packetId: number, isRefusal: boolean): boolean {
    const deliveries = this.#deliveries
    const number = deliveries.numberOf(packetId)
    if (number < 0 || number >= this.#resendAt) return false
    const message = deliveries.messageOf(number)
    if (message !== null) this.#broker.add(-storedBytes(message))
    if (isRefusal) {
      deliveries.remove(number)
      this.#underway--
      return true
    }
    deliveries.release(number)
    this.#release(packetId)
    return true
  }

  /** Sends again what an earlier connection left without an answer, as far as the client and its socket take it. */
  resend(): void {
    const deliveries = this.#deliveries
    for (; this.#resendAt < deliveries.next; this.#resendAt++) {
      const link = this.#link
      if (link === null || link.connection.isBlocked || this.#underway >= link.receiveMaximum) return
      const number = this.#resendAt
      const message = deliveries.messageOf(number)
      const owner = deliveries.ownerOf(number)
      if (owner === null) continue
      this.#underway++
      if (message === null) this.#release(packetIdOf(number))
      else this.#write(link, message, owner, packetIdOf(number), DUPLICATE)
    }
  }

  /** Takes back what a subscription sent and will get no answer to. */
  takeBack(subscription: MqttSubscription): StoredMessage[] {
    return this.#deliveries.removeAllOf(subscription)
  }

  /** Forgets what is left: deliveries of subscriptions that had ended before. */
  end(): void {
    const deliveries = this.#deliveries
    for (let number = deliveries.low; number < deliveries.next; number++) {
      const message = deliveries.messageOf(number)
      if (message !== null) this.#broker.add(-storedBytes(message))
    }
  }

  #write(link: Link, message: StoredMessage, { template }: MqttSubscription, packetId: number, flags = 0): void {
    const { connection } = link
    const at = connection.reserve(template.packetBytes(message.body.length))
    const { output } = connection
    const end = template.write(output, at, packetId, message.body)
    if (flags !== 0) output[at] = (output[at] as number) | flags
    connection.commit(end)
  }

  #release(packetId: number): void {
    const connection = this.#link?.connection
    if (connection === undefined) return
    const at = connection.reserve(ACKNOWLEDGEMENT_BYTES)
    connection.commit(writeAcknowledgement(connection.output, at, PACKET_TYPE.pubrel, packetId))
  }
}
