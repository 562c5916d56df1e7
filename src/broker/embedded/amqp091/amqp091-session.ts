/**
 * AMQP 0-9-1 as a server speaks it, over one connection. There is no basic.get, and properties are not passed on.
 */
import { Amqp091ProtocolError } from '../../../protocol/amqp091/amqp091-error.ts'
import { channelOpenOk, closeFor, connectionOpenOk } from '../../../protocol/amqp091/broker-frames.ts'
import { connectionStart, connectionTune } from '../../../protocol/amqp091/broker-frames.ts'
import { readStartOk } from '../../../protocol/amqp091/client-arguments.ts'
import { closeOk } from '../../../protocol/amqp091/client-methods.ts'
import type { FieldReader } from '../../../protocol/amqp091/field-reader.ts'
import { HEARTBEAT_FRAME, PROTOCOL_HEADER } from '../../../protocol/amqp091/frame.ts'
import { DEFAULT_LIMITS, FRAME_BYTES_MIN } from '../../../protocol/amqp091/limits.ts'
import { METHOD, methodName } from '../../../protocol/amqp091/method.ts'
import { Amqp091Parser } from '../../../protocol/amqp091/parser.ts'
import type { Amqp091Handler } from '../../../protocol/amqp091/parser.ts'
import { readTune } from '../../../protocol/amqp091/server-methods.ts'
import type { Connection } from '../../../transport/connection.ts'
import { HeartBeat } from '../../../transport/heart-beat.ts'
import type { Client, EmbeddedBroker } from '../embedded-broker.ts'
import { Reading } from '../reading.ts'
import type { Session } from '../session.ts'
import { Channel } from './channel.ts'
import type { ChannelHost } from './channel-host.ts'
import { isLetIn, mechanismsOf, serverProperties } from './login.ts'
import { ACCESS_REFUSED, CHANNEL_ERROR, COMMAND_INVALID, FRAME_ERROR, NOT_ALLOWED, refusal } from './refusal.ts'
import type { Refusal } from './refusal.ts'
import { Topology } from './topology.ts'

/** What is offered in the handshake. */
const OFFERED = { channelMax: 2047, frameBytesMax: DEFAULT_LIMITS.frameBytesMax, heartbeatSeconds: 60 }

/** What is due next from the client; `open`: anything. */
type Step = 'header' | 'start-ok' | 'tune-ok' | 'connection.open' | 'open' | 'ended'

export class Amqp091Session implements Session, Amqp091Handler, Client, ChannelHost {
  readonly broker: EmbeddedBroker
  readonly topology: Topology
  readonly #serverName: string
  readonly #parser = new Amqp091Parser(this, { ...DEFAULT_LIMITS, channelMax: OFFERED.channelMax })
  readonly #channels = new Map<number, Channel>()
  /** Closed by us: what still comes on them is not read until the client says close-ok. */
  readonly #closing = new Set<number>()
  #connection: Connection | null = null
  #reading: Reading | null = null
  #heartBeat: HeartBeat | null = null
  #step: Step = 'header'
  /** Octets of the protocol header that have come. */
  #headerBytes = 0
  frameBytesMax = OFFERED.frameBytesMax
  /** The chunk being parsed: bodies that lie in it need no copy, because every chunk is a buffer of its own. */
  #chunk: Uint8Array | null = null
  /** The channel of the last method; null: it is not open. */
  #channel: Channel | null = null
  #channelNumber = 0

  /** @param serverName `brokermark-embedded/VERSION`. */
  constructor(broker: EmbeddedBroker, serverName: string) {
    this.broker = broker
    this.topology = Topology.of(broker)
    this.#serverName = serverName
  }

  begin(connection: Connection): void {
    this.#connection = connection
    this.#reading = new Reading(connection)
    this.broker.enter(this)
  }

  get connection(): Connection {
    if (this.#connection === null) throw new Error('the session has not begun')
    return this.#connection
  }

  get isPublisher(): boolean {
    let publishes = false
    for (const { consuming, publishing } of this.#channels.values()) {
      if (consuming.isConsuming) return false
      publishes ||= publishing.hasPublished
    }
    return publishes
  }

  holdBack(isHeldBack: boolean): void {
    if (this.#heartBeat !== null) this.#heartBeat.isDeaf = isHeldBack
    this.#reading?.holdBack(isHeldBack)
  }

  reconsider(): void {
    this.broker.reconsider(this)
  }

  cut(): void {
    this.#end()
    this.connection.destroy()
  }

  onData(buffer: Uint8Array, start: number, end: number): void {
    const from = this.#step === 'header' ? this.#onHeader(buffer, start, end) : start
    this.#chunk = this.connection.readsAreShared ? null : buffer
    try {
      this.#parser.feed(buffer, from, end)
    } catch (error) {
      if (!(error instanceof Amqp091ProtocolError)) throw error
      this.refuse(refusal(FRAME_ERROR, `FRAME_ERROR - ${error.message}`), 0)
    }
    for (const { publishing } of this.#channels.values()) publishing.confirmStored()
    this.#reading?.reconsider()
  }

  onBlocked(): void {
    this.#reading?.reconsider()
  }

  onDrain(): void {
    this.#reading?.reconsider()
    for (const { consuming } of this.#channels.values()) consuming.resume()
  }

  onClose(): void {
    this.#end()
  }

  onMethod(channel: number, method: number, fields: FieldReader): void {
    if (channel !== 0 && this.#step === 'open') this.#onChannelMethod(channel, method, fields)
    else if (method === METHOD.connectionClose) this.#onClose()
    else if (method === METHOD.connectionCloseOk) this.#hangUp()
    else if (channel === 0 && this.#step !== 'open') this.#onHandshake(method, fields)
    else this.#refuseMethod(method)
  }

  onContentHeader(properties: FieldReader, channel: number): void {
    this.#turnTo(channel)?.publishing.onHeader(properties)
  }

  onContent(buffer: Uint8Array, start: number, end: number, channel: number): void {
    const publishing = this.#turnTo(channel)?.publishing
    if (publishing === undefined) return
    const isKept = buffer === this.#chunk
    publishing.onBody(
      isKept ? new Uint8Array(buffer.buffer, buffer.byteOffset + start, end - start) : buffer.slice(start, end),
    )
  }

  closeChannel(number: number, why: Refusal, method: number): void {
    this.connection.write(closeFor(number, why, method))
    this.#closing.add(number)
    this.#endChannel(number)
  }

  refuse(why: Refusal, method: number): void {
    if (this.#step === 'ended') return
    this.connection.write(closeFor(0, why, method))
    this.#hangUp()
  }

  /** Takes the eight octets of the protocol header; returns the offset behind what was taken. */
  #onHeader(buffer: Uint8Array, start: number, end: number): number {
    let position = start
    for (; position < end && this.#headerBytes < PROTOCOL_HEADER.length; position++, this.#headerBytes++) {
      if (buffer[position] === PROTOCOL_HEADER[this.#headerBytes]) continue
      // The specification's answer to another version: what would be understood.
      this.connection.write(PROTOCOL_HEADER)
      this.#hangUp()
      return end
    }
    if (this.#headerBytes === PROTOCOL_HEADER.length) {
      this.#step = 'start-ok'
      this.connection.write(connectionStart(serverProperties(this.#serverName), mechanismsOf(this.broker.settings)))
    }
    return position
  }

  #onHandshake(method: number, fields: FieldReader): void {
    if (this.#step === 'start-ok' && method === METHOD.connectionStartOk) {
      if (isLetIn(readStartOk(fields), this.broker.settings)) {
        this.#step = 'tune-ok'
        this.connection.write(connectionTune(OFFERED))
      } else {
        this.refuse(refusal(ACCESS_REFUSED, 'ACCESS_REFUSED - user or password is wrong'), 0)
      }
    } else if (this.#step === 'tune-ok' && method === METHOD.connectionTuneOk) {
      this.#onTuneOk(fields)
    } else if (this.#step === 'connection.open' && method === METHOD.connectionOpen) {
      this.#step = 'open'
      this.connection.write(connectionOpenOk())
    } else {
      this.#refuseMethod(method)
    }
  }

  #onTuneOk(fields: FieldReader): void {
    const { frameBytesMax, heartbeatSeconds } = readTune(fields)
    const chosen = frameBytesMax === 0 ? OFFERED.frameBytesMax : frameBytesMax
    if (chosen < FRAME_BYTES_MIN || chosen > OFFERED.frameBytesMax) {
      this.refuse(refusal(NOT_ALLOWED, `NOT_ALLOWED - frame_max of ${chosen}`), METHOD.connectionTuneOk)
      return
    }
    this.frameBytesMax = chosen
    this.#parser.frameBytesMax = chosen
    this.#step = 'connection.open'
    if (heartbeatSeconds === 0) return
    this.#heartBeat = new HeartBeat(this.connection, {
      intervalMs: heartbeatSeconds * 1000,
      frame: HEARTBEAT_FRAME,
      onSilence: () => this.cut(),
    })
  }

  #onChannelMethod(number: number, method: number, fields: FieldReader): void {
    const channel = this.#turnTo(number)
    if (method === METHOD.channelOpen) this.#openChannel(number)
    else if (method === METHOD.channelClose) this.#closeForClient(number)
    else if (method === METHOD.channelCloseOk) this.#closing.delete(number)
    else if (channel !== null) channel.onMethod(method, fields)
    else if (!this.#closing.has(number)) {
      this.refuse(refusal(CHANNEL_ERROR, `CHANNEL_ERROR - channel ${number} is not open`), method)
    }
  }

  /** The channel of this number, nearly always that of the call before; null: it is not open. */
  #turnTo(number: number): Channel | null {
    if (number !== this.#channelNumber) {
      this.#channelNumber = number
      this.#channel = this.#channels.get(number) ?? null
    }
    return this.#channel
  }

  #openChannel(number: number): void {
    if (this.#channel !== null) {
      this.refuse(refusal(CHANNEL_ERROR, `CHANNEL_ERROR - channel ${number} is open`), METHOD.channelOpen)
      return
    }
    this.#channel = new Channel(number, this, this)
    this.#channels.set(number, this.#channel)
    this.connection.write(channelOpenOk(number))
  }

  #closeForClient(number: number): void {
    this.#channel?.publishing.confirmStored()
    this.#endChannel(number)
    this.connection.write(closeOk(number))
  }

  #endChannel(number: number): void {
    const channel = this.#channels.get(number)
    this.#channels.delete(number)
    if (number === this.#channelNumber) this.#channel = null
    channel?.end()
    this.reconsider()
  }

  #onClose(): void {
    for (const { publishing } of this.#channels.values()) publishing.confirmStored()
    this.connection.write(closeOk(0))
    this.#hangUp()
  }

  #refuseMethod(method: number): void {
    this.refuse(refusal(COMMAND_INVALID, `COMMAND_INVALID - ${methodName(method)} is not due`), method)
  }

  #hangUp(): void {
    this.#end()
    void this.connection.close()
  }

  #end(): void {
    if (this.#step === 'ended') return
    this.#step = 'ended'
    this.#reading?.end()
    this.#heartBeat?.stop()
    this.#parser.stop()
    this.broker.leave(this)
    this.#channel = null
    for (const channel of this.#channels.values()) channel.end()
    this.#channels.clear()
    this.topology.leave(this)
  }
}
