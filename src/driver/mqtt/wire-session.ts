import { ACKNOWLEDGEMENT_BYTES, writeAcknowledgement } from '../../protocol/mqtt/acknowledgement.ts'
import type { AcknowledgementType } from '../../protocol/mqtt/acknowledgement.ts'
import { readConnack } from '../../protocol/mqtt/connack.ts'
import type { Connack } from '../../protocol/mqtt/connack.ts'
import { encodeBare, encodeConnect, encodeSubscribe, encodeUnsubscribe } from '../../protocol/mqtt/encode-packet.ts'
import { MqttProtocolError } from '../../protocol/mqtt/mqtt-error.ts'
import { PACKET_TYPE, packetName } from '../../protocol/mqtt/packet-type.ts'
import type { ProtocolLevel } from '../../protocol/mqtt/packet-type.ts'
import type { MqttPacket } from '../../protocol/mqtt/packet.ts'
import { MqttParser } from '../../protocol/mqtt/parser.ts'
import type { MqttPacketHandler } from '../../protocol/mqtt/parser.ts'
import type { Connection, ConnectionEvents } from '../../transport/connection.ts'
import { openConnection } from '../../transport/open-connection.ts'
import { DriverError } from '../driver-error.ts'
import type { ConnectOptions } from '../driver.ts'
import { describeEndpoint } from '../endpoint.ts'
import type { Endpoint } from '../endpoint.ts'
import { closedWhileConnecting, timeoutSentence } from './connection-failure.ts'
import { connackError, connackWords, disconnectError } from './refusal.ts'
import { FLUSH_FILTER, keepAliveSecondsOf, PACKET_IDS_MAX, versionOf } from './session.ts'
import type { MqttSession, MqttVersion, Qos } from './session.ts'
import { PendingAnswers } from './wire-answers.ts'
import { KeepAlive } from './wire-keep-alive.ts'

/** Beyond the packet ids of publishers. */
const SUBSCRIPTION_PACKET_ID = PACKET_IDS_MAX + 1
/** How long `flush` waits for the broker to have done everything. */
const FLUSH_DEADLINE_MS = 5000
/** SUBACK codes from here on are refusals. */
const REFUSED_FROM = 0x80

/** What a session tells the publisher, consumer or probe that it serves. */
export interface SessionOwner {
  /** Valid only during the call. May come before CONNACK: a broker that kept the session sends at once. */
  onPublish(packet: MqttPacket): void
  /** PUBACK, PUBREC or PUBCOMP. */
  onAnswer(type: AcknowledgementType, packetId: number, reasonCode: number): void
  /** PUBREL; PUBCOMP has gone out. */
  onReleased(packetId: number): void
  /** All packets of one chunk were handed over. */
  onTurnEnd(): void
  onBlocked(): void
  onDrain(): void
  /** The session is gone and `close` did not end it. Called once, and not before the session was open. */
  onLost(cause: DriverError): void
}

/** One MQTT connection, from CONNECT to DISCONNECT. */
export class WireSession implements ConnectionEvents, MqttPacketHandler {
  readonly version: MqttVersion
  readonly level: ProtocolLevel
  readonly #endpoint: Endpoint
  readonly #owner: SessionOwner
  readonly #attempted: string
  readonly #parser: MqttParser
  readonly #answers = new PendingAnswers()
  #connection: Connection | null = null
  #connack: Connack | null = null
  #keepAlive: KeepAlive | null = null
  #isReadingPaused = false
  /** Why the session is gone; null while it is not, and where `close` ended it. */
  #cause: DriverError | null = null
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting'

  /** @throws DriverError `unsupported` for a version that there is not. */
  constructor(endpoint: Endpoint, owner: SessionOwner) {
    this.version = versionOf(endpoint.options)
    this.level = this.version === '5' ? 5 : 4
    this.#endpoint = endpoint
    this.#owner = owner
    this.#attempted = `MQTT ${this.version} to ${describeEndpoint(endpoint)}`
    this.#parser = new MqttParser(this, this.level)
  }

  /** Throws where the session never was connected. */
  get connection(): Connection {
    if (this.#connection === null) throw new Error('the session was never connected')
    return this.#connection
  }

  /** Throws where the session never was open. */
  get connack(): Connack {
    if (this.#connack === null) throw new Error('the session was never open')
    return this.#connack
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** CONNECT; resolves with CONNACK. @throws DriverError */
  async connect(options: ConnectOptions, session: MqttSession): Promise<void> {
    const { timeoutMs } = options
    const startedMs = performance.now()
    const connection = await openConnection(this.#endpoint, { timeoutMs, webSocketProtocols: ['mqtt'] }, this)
    this.#connection = connection
    const leftMs = Math.max(1, timeoutMs - (performance.now() - startedMs))
    const expired = (): DriverError => {
      const cause = new DriverError('timeout', timeoutSentence(this.#attempted, timeoutMs, this.version))
      this.fail(cause)
      return cause
    }
    const answer = this.#answers.wait(PACKET_TYPE.connack, leftMs, expired)
    const { username, password, options: urlOptions } = this.#endpoint
    const keepAliveSeconds = keepAliveSecondsOf(urlOptions)
    const { clientId, clean, receiveMaximum, expirySeconds: sessionExpirySeconds } = session
    connection.write(
      encodeConnect({
        ...{ level: this.level, clientId, clean, keepAliveSeconds, username, password },
        ...{ sessionExpirySeconds, receiveMaximum },
      }),
    )
    await answer
    // Something worse may have come in one chunk with the answer.
    this.#throwIfLost()
    const seconds = this.connack.serverKeepAliveSeconds ?? keepAliveSeconds
    if (seconds > 0) this.#keepAlive = this.#startKeepAlive(seconds)
  }

  /** SUBSCRIBE; resolves with SUBACK. @throws DriverError `not-permitted` where the broker refuses the filter or the QoS. */
  async subscribe(filter: string, qos: Qos, timeoutMs: number): Promise<void> {
    const answer = this.#request(PACKET_TYPE.suback, `subscribing to ${filter}`, timeoutMs)
    this.connection.write(encodeSubscribe(this.level, SUBSCRIPTION_PACKET_ID, filter, qos))
    const granted = await answer
    this.#throwIfLost()
    if (granted < REFUSED_FROM && granted >= qos) return
    const why = granted < REFUSED_FROM ? `QoS ${granted} instead of ${qos}` : `refused with reason code ${granted}`
    throw new DriverError('not-permitted', `${this.#attempted}: subscribing to ${filter}: ${why}`)
  }

  /** UNSUBSCRIBE; resolves with UNSUBACK. @throws DriverError */
  async unsubscribe(filter: string, timeoutMs: number): Promise<void> {
    const answer = this.#request(PACKET_TYPE.unsuback, `unsubscribing from ${filter}`, timeoutMs)
    this.connection.write(encodeUnsubscribe(this.level, SUBSCRIPTION_PACKET_ID, filter))
    await answer
  }

  /** PUBACK, PUBREC or PUBREL; nothing on a connection that is gone. */
  answer(type: AcknowledgementType, packetId: number): void {
    const connection = this.#connection
    if (connection === null || this.#state === 'closed') return
    const at = connection.reserve(ACKNOWLEDGEMENT_BYTES)
    connection.commit(writeAcknowledgement(connection.output, at, type, packetId))
  }

  /** Resolves when the broker has done all that was sent (see FLUSH_FILTER), or when it is too late. */
  async flush(): Promise<void> {
    if (!this.isOpen) return
    await this.unsubscribe(FLUSH_FILTER, FLUSH_DEADLINE_MS).catch(() => undefined)
  }

  pauseReading(): void {
    this.#isReadingPaused = true
    this.#connection?.pauseReading()
  }

  resumeReading(): void {
    if (!this.#isReadingPaused) return
    this.#isReadingPaused = false
    this.#connection?.resumeReading()
  }

  /** DISCONNECT, then the end of the stream, within about a second whatever the broker does. Never rejects. */
  async close(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'closing'
      this.connection.write(encodeBare(PACKET_TYPE.disconnect))
    }
    this.#parser.stop()
    this.#keepAlive?.stop()
    await this.#connection?.close()
    this.#state = 'closed'
    this.#answers.rejectAll(new DriverError('closed', `${this.#attempted}: closed`))
  }

  /** Ends the session at once because of what the peer did. */
  fail(cause: DriverError): void {
    if (this.#state === 'closed') return
    const wasOpen = this.#state === 'open'
    this.#state = 'closed'
    this.#cause = cause
    this.#parser.stop()
    this.#keepAlive?.stop()
    this.#connection?.destroy()
    this.#answers.rejectAll(cause)
    if (wasOpen) this.#owner.onLost(cause)
  }

  /** Ends the session because the peer, which did `what`, broke the protocol. */
  failBroken(what: string): void {
    // Before CONNACK it means that something else listens there.
    const code = this.#state === 'connecting' ? 'wrong-protocol' : 'protocol-error'
    this.fail(new DriverError(code, `${this.#attempted}: the peer ${what}`))
  }

  onData(buffer: Uint8Array, start: number, end: number): void {
    try {
      this.#parser.feed(buffer, start, end)
    } catch (error) {
      if (!(error instanceof MqttProtocolError)) throw error
      this.failBroken(`does not speak MQTT: ${error.message}`)
    }
    this.#owner.onTurnEnd()
  }

  onPacket(packet: MqttPacket): void {
    switch (packet.type) {
      case PACKET_TYPE.publish:
        this.#owner.onPublish(packet)
        return
      case PACKET_TYPE.puback:
      case PACKET_TYPE.pubrec:
      case PACKET_TYPE.pubcomp:
        this.#owner.onAnswer(packet.type, packet.packetId, packet.reasonCode)
        return
      case PACKET_TYPE.pubrel:
        this.answer(PACKET_TYPE.pubcomp, packet.packetId)
        this.#owner.onReleased(packet.packetId)
        return
      case PACKET_TYPE.connack:
        this.#onConnack(packet)
        return
      case PACKET_TYPE.disconnect:
        this.#onDisconnect(packet)
        return
      default:
        this.#onAnswer(packet)
    }
  }

  onBlocked(): void {
    this.#owner.onBlocked()
  }

  onDrain(): void {
    this.#owner.onDrain()
  }

  onClose(cause: DriverError): void {
    this.fail(this.#state === 'connecting' ? closedWhileConnecting(cause, this.#attempted, this.version) : cause)
  }

  #throwIfLost(): void {
    if (this.#cause !== null) throw this.#cause
  }

  #onConnack(packet: MqttPacket): void {
    const { reasonCode } = packet
    if (this.#state !== 'connecting') {
      this.failBroken('sent a second CONNACK')
    } else if (reasonCode !== 0) {
      this.fail(connackError(reasonCode, connackWords(reasonCode), this.#attempted, this.version))
    } else {
      this.#connack = readConnack(packet)
      this.#state = 'open'
      this.#answers.resolve(PACKET_TYPE.connack, 0)
    }
  }

  #onDisconnect(packet: MqttPacket): void {
    if (this.level === 4) this.failBroken('sent DISCONNECT, which only clients do in MQTT 3.1.1')
    else this.fail(disconnectError(packet.reasonCode, this.#attempted))
  }

  /** SUBACK, UNSUBACK and PINGRESP, or what must not come. A PINGRESP of the keep-alive is waited for by nobody. */
  #onAnswer(packet: MqttPacket): void {
    const { type } = packet
    const isAnswer = this.#answers.resolve(type, type === PACKET_TYPE.suback ? firstCode(packet) : 0)
    if (!isAnswer && type !== PACKET_TYPE.pingresp) this.failBroken(`sent ${packetName(type)}, unasked`)
  }

  #request(type: number, attempted: string, timeoutMs: number): Promise<number> {
    if (this.#cause !== null) return Promise.reject(this.#cause)
    const sentence = `${this.#attempted}: ${attempted}: no answer within ${Math.round(timeoutMs)} ms`
    return this.#answers.wait(type, timeoutMs, () => new DriverError('timeout', sentence))
  }

  #startKeepAlive(seconds: number): KeepAlive {
    return new KeepAlive(
      seconds,
      this.connection,
      () => this.#isReadingPaused,
      (cause) => this.fail(cause),
    )
  }
}

/** SUBACK's answer to the one filter that was asked for. */
function firstCode(packet: MqttPacket): number {
  return packet.payloadStart < packet.end ? (packet.buffer[packet.payloadStart] as number) : REFUSED_FROM
}
