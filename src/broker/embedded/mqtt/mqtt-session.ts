/**
 * MQTT 3.1.1 and 5 as a server speaks them, over one connection: QoS 0 to 2 both ways, kept sessions, shared
 * subscriptions, receive-maximum, keep-alive. There are no wills, no retained messages, no wildcards, and nothing of a
 * message but its body is passed on; where MQTT 5 can say so, CONNACK does.
 */
import { randomUUID } from 'node:crypto'
import { levelOf, readConnect } from '../../../protocol/mqtt/connect.ts'
import type { Connect } from '../../../protocol/mqtt/connect.ts'
import {
  encodeConnack,
  encodeDisconnect,
  encodeRefusal,
  encodeSuback,
  encodeUnsuback,
} from '../../../protocol/mqtt/encode-answer.ts'
import { encodeBare, encodeRetained } from '../../../protocol/mqtt/encode-packet.ts'
import { CONNECT_LIMITS, DEFAULT_LIMITS } from '../../../protocol/mqtt/limits.ts'
import { MqttProtocolError } from '../../../protocol/mqtt/mqtt-error.ts'
import { PACKET_TYPE, packetName } from '../../../protocol/mqtt/packet-type.ts'
import type { ProtocolLevel } from '../../../protocol/mqtt/packet-type.ts'
import type { MqttPacket } from '../../../protocol/mqtt/packet.ts'
import { MqttParser } from '../../../protocol/mqtt/parser.ts'
import type { MqttPacketHandler } from '../../../protocol/mqtt/parser.ts'
import { numberOfProperty, PROPERTY } from '../../../protocol/mqtt/properties.ts'
import { filtersOf } from '../../../protocol/mqtt/subscribe.ts'
import type { FilterAsk } from '../../../protocol/mqtt/subscribe.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { Client, EmbeddedBroker } from '../embedded-broker.ts'
import { Reading } from '../reading.ts'
import type { Sender } from '../service-line.ts'
import type { Session } from '../session.ts'
import { codeFor, subscribe, unsubscribe } from './answer-subscribe.ts'
import type { KeptSession, SessionHolder } from './kept-session.ts'
import { KeptSessions } from './kept-sessions.ts'
import { MqttArrival } from './mqtt-arrival.ts'
import { REASON, Refusal, returnCodeOf } from './refusal.ts'
import { Silence } from './silence.ts'

/** Where Mosquitto says what it is, and so does this. */
const VERSION_TOPIC = '$SYS/broker/version'
const FOR_EVER = 0xffff_ffff

export class MqttSession implements Session, MqttPacketHandler, Client, Sender, SessionHolder {
  readonly #broker: EmbeddedBroker
  readonly #serverName: string
  readonly #sessions: KeptSessions
  readonly #parser = new MqttParser(this, 4, CONNECT_LIMITS)
  /** From `begin` on. */
  #connection!: Connection
  #reading!: Reading
  /** From an accepted CONNECT on. */
  #kept: KeptSession | null = null
  #arrival: MqttArrival | null = null
  #level: ProtocolLevel = 4
  #expirySeconds = 0
  #silence: Silence | null = null
  #isEnded = false
  #hasPublished = false
  #isHeldBack = false

  /** @param serverName what a subscriber of `$SYS/broker/version` is told. */
  constructor(broker: EmbeddedBroker, serverName: string) {
    this.#broker = broker
    this.#serverName = serverName
    this.#sessions = KeptSessions.of(broker)
  }

  begin(connection: Connection): void {
    this.#connection = connection
    this.#reading = new Reading(connection)
    this.#broker.enter(this)
  }

  get isPublisher(): boolean {
    return this.#hasPublished && this.#kept?.hasSubscriptions !== true
  }

  holdBack(isHeldBack: boolean): void {
    this.#isHeldBack = isHeldBack
    this.#reading.holdBack(isHeldBack)
  }

  /** @param receipt the whole packet. */
  confirm(receipt: Uint8Array): void {
    if (!this.#isEnded) this.#connection.write(receipt)
  }

  cut(): void {
    this.#end()
    this.#connection.destroy()
  }

  takeOver(): void {
    this.#refuse(new Refusal(REASON.sessionTakenOver, 'another connection has the same client id'))
  }

  onData(buffer: Uint8Array, start: number, end: number): void {
    if (this.#arrival !== null) this.#arrival.chunk = this.#connection.readsAreShared ? null : buffer
    try {
      this.#parser.feed(buffer, start, end)
    } catch (error) {
      if (error instanceof MqttProtocolError) this.#refuse(new Refusal(REASON.malformedPacket, error.message))
      else if (error instanceof Refusal) this.#refuse(error)
      else throw error
    }
    this.#reading.reconsider()
  }

  onBlocked(): void {
    this.#reading.reconsider()
  }

  onDrain(): void {
    this.#reading.reconsider()
    this.#kept?.resume()
  }

  onClose(): void {
    this.#end()
  }

  /** @throws Refusal */
  onPacket(packet: MqttPacket): void {
    if (this.#kept === null || this.#arrival === null) {
      if (packet.type === PACKET_TYPE.connect) this.#onConnect(packet)
      else throw new Refusal(REASON.protocolError, `${packetName(packet.type)} came before CONNECT`)
      return
    }
    switch (packet.type) {
      case PACKET_TYPE.publish:
        this.#onPublish(packet, this.#arrival)
        return
      case PACKET_TYPE.puback:
      case PACKET_TYPE.pubcomp:
      case PACKET_TYPE.pubrec:
        this.#onAnswer(packet, this.#kept)
        return
      case PACKET_TYPE.pubrel:
        this.#arrival.onPubrel(packet.packetId)
        return
      default:
        this.#onRarePacket(packet, this.#kept)
    }
  }

  #onPublish(packet: MqttPacket, arrival: MqttArrival): void {
    if (!this.#hasPublished) {
      this.#hasPublished = true
      this.#broker.reconsider(this)
    }
    if (this.#level === 5 && packet.isRetained) {
      throw new Refusal(REASON.retainNotSupported, 'there are no retained messages here')
    }
    arrival.onPublish(packet)
  }

  #onAnswer({ type, packetId, reasonCode }: MqttPacket, kept: KeptSession): void {
    const { outbox } = kept
    const isDue =
      type === PACKET_TYPE.pubrec
        ? outbox.onReceived(packetId, reasonCode >= 0x80)
        : outbox.onAnswered(packetId, type === PACKET_TYPE.pubcomp)
    if (!isDue) throw new Refusal(REASON.protocolError, `${packetName(type)} for ${packetId}, which waits for none`)
    kept.resume()
  }

  #onRarePacket(packet: MqttPacket, kept: KeptSession): void {
    const { type, packetId } = packet
    switch (type) {
      case PACKET_TYPE.subscribe:
        this.#onSubscribe(packetId, filtersOf(packet), kept)
        return
      case PACKET_TYPE.unsubscribe:
        this.#connection.write(encodeUnsuback(this.#level, packetId, unsubscribe(filtersOf(packet), kept)))
        this.#broker.reconsider(this)
        return
      case PACKET_TYPE.pingreq:
        this.#connection.write(encodeBare(PACKET_TYPE.pingresp))
        return
      case PACKET_TYPE.disconnect:
        this.#onDisconnect(packet)
        return
      default:
        throw new Refusal(REASON.protocolError, `${packetName(type)} is not for a client to send`)
    }
  }

  /** SUBACK goes first: clients read on only as far as they have acknowledged. */
  #onSubscribe(packetId: number, asks: readonly FilterAsk[], kept: KeptSession): void {
    const codes = asks.map((ask) => codeFor(ask, this.#level))
    this.#connection.write(encodeSuback(this.#level, packetId, codes))
    subscribe(asks, this.#broker, this.#sessions, kept)
    if (asks.some(({ filter }) => filter === VERSION_TOPIC)) {
      this.#connection.write(encodeRetained(this.#level, VERSION_TOPIC, this.#serverName))
    }
    this.#broker.reconsider(this)
  }

  #onConnect(packet: MqttPacket): void {
    const level = levelOf(packet)
    if (level !== 4 && level !== 5) {
      const code = REASON.unsupportedProtocolVersion
      this.#hangUp(level > 5 ? encodeRefusal(5, code) : encodeRefusal(4, returnCodeOf(code)))
      return
    }
    const connect = readConnect(packet)
    const code = this.#objectionTo(connect)
    if (code !== null) {
      this.#hangUp(encodeRefusal(level, level === 5 ? code : returnCodeOf(code)))
      return
    }
    this.#accept(connect)
  }

  /** Reason code of MQTT 5 for a CONNECT that is not accepted; null: it is. */
  #objectionTo({ level, clientId, clean, hasWill, username, password, receiveMaximum }: Connect): number | null {
    const { settings } = this.#broker
    if (settings.username !== null && (username !== settings.username || password !== settings.password)) {
      return REASON.badUserNameOrPassword
    }
    if (clientId === '' && level === 4 && !clean) return REASON.clientIdentifierNotValid
    if (receiveMaximum === 0) return REASON.protocolError
    return hasWill ? REASON.implementationSpecific : null
  }

  #accept(connect: Connect): void {
    const { level, clean, keepAliveSeconds, receiveMaximum, maximumPacketBytes, sessionExpirySeconds } = connect
    const connection = this.#connection
    const assignedClientId = connect.clientId === '' ? `embedded-${randomUUID()}` : null
    const { session, isPresent } = this.#sessions.open(assignedClientId ?? connect.clientId, clean)
    this.#level = level
    this.#parser.level = level
    this.#parser.limits = DEFAULT_LIMITS
    this.#expirySeconds = sessionExpirySeconds
    this.#kept = session
    this.#arrival = new MqttArrival(this.#broker, connection, this, session, level)
    if (keepAliveSeconds > 0) {
      const onGone = (): void => this.#refuse(new Refusal(REASON.keepAliveTimeout, 'nothing came for too long'))
      const isReading = (): boolean => !this.#isHeldBack && !connection.isBlocked
      this.#silence = new Silence(keepAliveSeconds, connection, isReading, onGone)
    }
    connection.write(encodeConnack(level, { isSessionPresent: isPresent, assignedClientId }))
    session.attach(this, { connection, level, receiveMaximum, maximumPacketBytes })
  }

  /** MQTT 5 lets the client change here how long its session is kept. */
  #onDisconnect({ buffer, propertiesStart, propertiesEnd }: MqttPacket): void {
    const { sessionExpirySeconds } = PROPERTY
    const seconds = numberOfProperty(buffer, propertiesStart, propertiesEnd, sessionExpirySeconds, 4)
    if (seconds !== null && this.#expirySeconds > 0) this.#expirySeconds = seconds === FOR_EVER ? Infinity : seconds
    this.#hangUp(null)
  }

  /** MQTT 3.1.1 has no way to say why. */
  #refuse({ reasonCode, message }: Refusal): void {
    const isTold = this.#kept !== null && this.#level === 5
    this.#hangUp(isTold ? encodeDisconnect(reasonCode, message) : null)
  }

  /** Says a last word, where there is one, and ends the connection. */
  #hangUp(lastWord: Uint8Array | null): void {
    if (this.#isEnded) return
    if (lastWord !== null) this.#connection.write(lastWord)
    this.#end()
    void this.#connection.close()
  }

  #end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#parser.stop()
    this.#silence?.stop()
    this.#broker.leave(this)
    this.#reading.end()
    if (this.#kept !== null) this.#sessions.leave(this.#kept, this.#expirySeconds)
    this.#arrival?.end()
  }
}
