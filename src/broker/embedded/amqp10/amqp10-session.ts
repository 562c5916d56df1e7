/** AMQP 1.0 as a server speaks it, over one connection: login, open, sessions on their channels, close. */
import { Amqp10ProtocolError } from '../../../protocol/amqp10/amqp10-error.ts'
import { DESCRIPTOR } from '../../../protocol/amqp10/descriptor.ts'
import { AMQP_FRAME, SASL_FRAME } from '../../../protocol/amqp10/frame.ts'
import type { AmqpFrame } from '../../../protocol/amqp10/frame.ts'
import { AmqpFrameParser, PROTOCOL_ID } from '../../../protocol/amqp10/frame-parser.ts'
import type { AmqpFrameHandler } from '../../../protocol/amqp10/frame-parser.ts'
import { DEFAULT_LIMITS } from '../../../protocol/amqp10/limits.ts'
import {
  EMPTY_FRAME,
  encodeClose,
  encodeError,
  encodeFrame,
  encodeOpen,
  encodeProtocolHeader,
} from '../../../protocol/amqp10/performative.ts'
import { AmqpReader } from '../../../protocol/amqp10/reader.ts'
import { encodeSaslMechanisms, encodeSaslOutcome, SASL_OUTCOME } from '../../../protocol/amqp10/server-performative.ts'
import { readValue, textOf } from '../../../protocol/amqp10/value.ts'
import type { AmqpValue } from '../../../protocol/amqp10/value.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { Client, EmbeddedBroker } from '../embedded-broker.ts'
import { Reading } from '../reading.ts'
import type { Session } from '../session.ts'
import { Amqp10Channel } from './amqp10-channel.ts'
import type { ChannelHost } from './amqp10-channel.ts'
import { mayLogIn, mechanismsOf } from './amqp10-login.ts'
import { Amqp10Refusal } from './amqp10-refusal.ts'

/** Sessions of one connection. */
const CHANNEL_MAX = 255
const FRAME_BYTES_MIN = 512
/** Frames that we write are no longer than this, whatever the client takes. */
const FRAME_BYTES_MAX = 1024 * 1024

export class Amqp10Session implements Session, AmqpFrameHandler, Client, ChannelHost {
  readonly broker: EmbeddedBroker
  readonly #serverName: string
  readonly #parser = new AmqpFrameParser(this)
  readonly #reader = new AmqpReader()
  readonly #channels = new Map<number, Amqp10Channel>()
  #connection: Connection | null = null
  #reading: Reading | null = null
  #state: 'new' | 'logged-in' | 'open' | 'ended' = 'new'
  #hasPublished = false
  #alive: NodeJS.Timeout | undefined
  /** The chunk being parsed: bodies that lie in it need no copy, because every chunk is a buffer of its own. */
  chunk: Uint8Array | null = null
  frameBytesMax = FRAME_BYTES_MIN

  /** @param serverName `brokermark-embedded/VERSION`. */
  constructor(broker: EmbeddedBroker, serverName: string) {
    this.broker = broker
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
    if (!this.#hasPublished) return false
    for (const channel of this.#channels.values()) if (channel.hasConsumers) return false
    return true
  }

  holdBack(isHeldBack: boolean): void {
    this.#reading?.holdBack(isHeldBack)
  }

  onPublished(): void {
    if (this.#hasPublished) return
    this.#hasPublished = true
    this.broker.reconsider(this)
  }

  onConsumersChanged(): void {
    this.broker.reconsider(this)
  }

  cut(): void {
    this.#end()
    this.connection.destroy()
  }

  onData(buffer: Uint8Array, start: number, end: number): void {
    this.chunk = this.connection.readsAreShared ? null : buffer
    try {
      this.#parser.feed(buffer, start, end)
    } catch (error) {
      if (error instanceof Amqp10ProtocolError) this.#refuse('amqp:decode-error', error.message)
      else if (error instanceof Amqp10Refusal) this.#refuse(error.condition, error.message)
      else throw error
    }
    for (const channel of this.#channels.values()) channel.onTurnEnd()
    this.#reading?.reconsider()
  }

  onBlocked(): void {
    this.#reading?.reconsider()
  }

  onDrain(): void {
    this.#reading?.reconsider()
    for (const channel of this.#channels.values()) channel.resume()
  }

  onClose(): void {
    this.#end()
  }

  onHeader(protocolId: number): void {
    const { connection } = this
    if (this.#state === 'new' && protocolId === PROTOCOL_ID.sasl) {
      const offer = encodeSaslMechanisms(mechanismsOf(this.broker.settings))
      connection.write(encodeProtocolHeader(PROTOCOL_ID.sasl))
      connection.write(encodeFrame(SASL_FRAME, offer))
    } else if (protocolId === PROTOCOL_ID.amqp && (this.#state !== 'new' || this.broker.settings.username === null)) {
      this.#state = 'logged-in'
      connection.write(encodeProtocolHeader(PROTOCOL_ID.amqp))
    } else {
      // What we would have understood (2.2).
      connection.write(encodeProtocolHeader(this.#state === 'new' ? PROTOCOL_ID.sasl : PROTOCOL_ID.amqp))
      this.#hangUp()
    }
  }

  onFrame(frame: AmqpFrame): void {
    if (frame.isEmpty) return
    const reader = this.#reader
    reader.load(frame.buffer, frame.bodyStart, frame.end, frame.originBytes)
    const descriptor = reader.readDescriptor()
    if (this.#state === 'open') this.#onPerformative(descriptor, reader, frame)
    else if (this.#state === 'new' && frame.type === SASL_FRAME && descriptor === DESCRIPTOR.saslInit) {
      this.#onLogin(readFields(reader))
    } else if (this.#state === 'logged-in' && descriptor === DESCRIPTOR.open) this.#onOpen(readFields(reader))
    else throw reader.error(this.#state === 'new' ? 'a SASL init' : 'an open')
  }

  /** Mechanism, response, host name. */
  #onLogin([mechanism, response]: readonly AmqpValue[]): void {
    const bytes = response instanceof Uint8Array ? response : new Uint8Array(0)
    const isIn = mayLogIn(this.broker.settings, textOf(mechanism), bytes)
    const outcome = encodeSaslOutcome(isIn ? SASL_OUTCOME.ok : SASL_OUTCOME.authentication)
    this.connection.write(encodeFrame(SASL_FRAME, outcome))
    if (!isIn) {
      this.#hangUp()
      return
    }
    this.#state = 'logged-in'
    this.#parser.expectHeader()
  }

  /** Container, host name, largest frame, channels, idle time-out. */
  #onOpen(fields: readonly AmqpValue[]): void {
    this.#state = 'open'
    const frameBytesMax = typeof fields[2] === 'number' ? fields[2] : FRAME_BYTES_MAX
    this.frameBytesMax = Math.max(FRAME_BYTES_MIN, Math.min(FRAME_BYTES_MAX, frameBytesMax))
    const open = encodeOpen({
      containerId: this.#serverName,
      hostname: '',
      maxFrameBytes: DEFAULT_LIMITS.frameBytesMax,
      idleTimeOutMs: 0,
      channelMax: CHANNEL_MAX,
      properties: { product: 'brokermark embedded', version: this.#serverName.replace(/^.*\//, '') },
    })
    this.connection.write(encodeFrame(AMQP_FRAME, open))
    const idleMs = typeof fields[4] === 'number' ? fields[4] : 0
    if (idleMs === 0) return
    this.#alive = setInterval(() => this.connection.write(EMPTY_FRAME), Math.max(1, idleMs / 2))
    this.#alive.unref()
  }

  #onPerformative(descriptor: number, reader: AmqpReader, frame: AmqpFrame): void {
    const channel = this.#channels.get(frame.channel)
    if (descriptor === DESCRIPTOR.close) this.#onCloseFrame()
    else if (descriptor === DESCRIPTOR.begin) this.#onBegin(frame.channel, readFields(reader))
    else if (channel === undefined) throw reader.error(`a begin on channel ${frame.channel} first`)
    else if (descriptor !== DESCRIPTOR.end) channel.onPerformative(descriptor, reader, frame)
    else {
      this.#channels.delete(frame.channel)
      channel.end()
      channel.answerEnd()
    }
  }

  #onBegin(number: number, fields: readonly AmqpValue[]): void {
    if (number > CHANNEL_MAX || this.#channels.has(number)) {
      throw new Amqp10Refusal('amqp:not-allowed', `channel ${number} is in use or beyond the channel-max`)
    }
    this.#channels.set(number, new Amqp10Channel(this, number, fields))
  }

  #onCloseFrame(): void {
    for (const channel of this.#channels.values()) channel.onTurnEnd()
    this.connection.write(encodeFrame(AMQP_FRAME, encodeClose()))
    this.#hangUp()
  }

  #refuse(condition: string, description: string): void {
    if (this.#state === 'ended') return
    const isOpen = this.#state === 'open'
    if (isOpen) this.connection.write(encodeFrame(AMQP_FRAME, encodeClose(encodeError(condition, description))))
    this.#hangUp()
  }

  #hangUp(): void {
    this.#end()
    void this.connection.close()
  }

  #end(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    clearInterval(this.#alive)
    this.#reading?.end()
    this.#parser.stop()
    this.broker.leave(this)
    for (const channel of this.#channels.values()) channel.end()
    this.#channels.clear()
  }
}

function readFields(reader: AmqpReader): readonly AmqpValue[] {
  const value = readValue(reader)
  if (!Array.isArray(value)) throw reader.error('the list of a performative')
  return value as readonly AmqpValue[]
}
