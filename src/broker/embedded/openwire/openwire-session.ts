/**
 * OpenWire 12 as a server speaks it, over one connection: loose encoding without cache, because flags are ANDed and we
 * offer none, and no inactivity monitor. Transactions, durable subscriptions, selectors, browsers and pulling are
 * refused; messages arrive as BytesMessages without properties, under ids of the broker's own.
 */
import { brokerInfo, connectionError, exceptionResponse } from '../../../protocol/openwire/answer-frames.ts'
import type { Throwable } from '../../../protocol/openwire/answer.ts'
import {
  readConsumerAsk,
  readDestinationAsk,
  readLogin,
  readProducerAsk,
  readRemoveAsk,
} from '../../../protocol/openwire/asks.ts'
import { keepAliveInfo } from '../../../protocol/openwire/commands.ts'
import { FrameParser } from '../../../protocol/openwire/frame-parser.ts'
import type { FrameHandler } from '../../../protocol/openwire/frame-parser.ts'
import { readI32 } from '../../../protocol/openwire/frame-reader.ts'
import type { FrameReader } from '../../../protocol/openwire/frame-reader.ts'
import { FIRST_FRAME_BYTES_MAX, FRAME_BYTES_MAX } from '../../../protocol/openwire/limits.ts'
import { OpenWireProtocolError } from '../../../protocol/openwire/openwire-error.ts'
import { COMMAND, MESSAGE } from '../../../protocol/openwire/type-codes.ts'
import { readWireFormatInfo, wireFormatInfo } from '../../../protocol/openwire/wire-format-info.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { Client, EmbeddedBroker } from '../embedded-broker.ts'
import { Reading } from '../reading.ts'
import type { Sender } from '../service-line.ts'
import type { Session } from '../session.ts'
import { OpenWireArrival } from './openwire-arrival.ts'
import { OpenWireSubscriptions } from './openwire-subscriptions.ts'
import { Refusal, unsupported } from './refusal.ts'

const BROKER_ID = 'ID:brokermark-embedded'
const NO_MONITOR = { maxInactivityMs: 0, maxInactivityInitialDelayMs: 0 }

export class OpenWireSession implements Session, FrameHandler, Client, Sender {
  readonly #broker: EmbeddedBroker
  readonly #serverName: string
  readonly #parser = new FrameParser(this, FIRST_FRAME_BYTES_MAX)
  /** From `begin` on. */
  #connection!: Connection
  #reading!: Reading
  #arrival!: OpenWireArrival
  #subscriptions!: OpenWireSubscriptions
  #state: 'new' | 'negotiated' | 'connected' | 'ended' = 'new'
  #hasPublished = false

  /** @param serverName `NAME/VERSION`: ProviderName and ProviderVersion of the WireFormatInfo. */
  constructor(broker: EmbeddedBroker, serverName: string) {
    this.#broker = broker
    this.#serverName = serverName
  }

  begin(connection: Connection): void {
    this.#connection = connection
    this.#reading = new Reading(connection)
    this.#arrival = new OpenWireArrival(this.#broker, connection, this)
    this.#subscriptions = new OpenWireSubscriptions(this.#broker, connection)
    this.#broker.enter(this)
  }

  get isPublisher(): boolean {
    return this.#hasPublished && this.#subscriptions.count === 0
  }

  holdBack(isHeldBack: boolean): void {
    this.#reading.holdBack(isHeldBack)
  }

  /** @param receipt the whole frame. */
  confirm(receipt: Uint8Array): void {
    if (this.#state !== 'ended') this.#connection.write(receipt)
  }

  cut(): void {
    this.#end()
    this.#connection.destroy()
  }

  onData(buffer: Uint8Array, start: number, end: number): void {
    this.#arrival.chunk = this.#connection.readsAreShared ? null : buffer
    try {
      this.#parser.feed(buffer, start, end)
    } catch (error) {
      if (!(error instanceof OpenWireProtocolError)) throw error
      this.#hangUp(connectionError({ className: 'java.io.IOException', message: error.message }))
    }
    this.#reading.reconsider()
  }

  onBlocked(): void {
    this.#reading.reconsider()
  }

  onDrain(): void {
    this.#reading.reconsider()
    this.#subscriptions.resume()
  }

  onClose(): void {
    this.#end()
  }

  onFrame(type: number, fields: FrameReader): void {
    if (this.#state === 'new') {
      if (type !== COMMAND.wireFormatInfo) throw fields.error('a WireFormatInfo (type 1)', fields.position - 1)
      this.#onWireFormat(fields)
      return
    }
    const baseAt = fields.position
    fields.skipBase()
    const commandId = readI32(fields.buffer, baseAt)
    const asksAnswer = fields.buffer[baseAt + 4] !== 0
    try {
      if (this.#state === 'connected' && type >= MESSAGE.plain && type <= MESSAGE.blob) {
        fields.position = baseAt
        this.#onMessage(type, fields, commandId, asksAnswer)
      } else {
        this.#onCommand(type, fields, commandId, asksAnswer)
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#connection.write(refusalFrame(error.throwable, asksAnswer ? commandId : null))
    }
  }

  #onWireFormat(fields: FrameReader): void {
    readWireFormatInfo(fields)
    this.#state = 'negotiated'
    this.#parser.frameBytesMax = FRAME_BYTES_MAX
    const [name = '', version = ''] = this.#serverName.split('/')
    this.#connection.write(wireFormatInfo(NO_MONITOR, { name, version }))
    this.#connection.write(brokerInfo(BROKER_ID, name))
  }

  #onMessage(type: number, fields: FrameReader, commandId: number, asksAnswer: boolean): void {
    if (!this.#hasPublished) {
      this.#hasPublished = true
      this.#broker.reconsider(this)
    }
    this.#arrival.onMessage(type, fields, commandId, asksAnswer)
  }

  #onCommand(type: number, fields: FrameReader, commandId: number, asksAnswer: boolean): void {
    switch (type) {
      case COMMAND.keepAliveInfo:
        if (asksAnswer) this.#connection.write(keepAliveInfo(0))
        return
      case COMMAND.shutdownInfo:
        this.#hangUp(null)
        return
      case COMMAND.connectionInfo:
        this.#onLogin(fields, commandId, asksAnswer)
        return
    }
    if (this.#state !== 'connected') throw new Refusal('javax.jms.JMSException', 'there was no ConnectionInfo')
    if (type === COMMAND.consumerInfo) {
      this.#onConsumer(fields, commandId, asksAnswer)
      return
    }
    this.#carryOut(type, fields)
    if (asksAnswer) this.#arrival.answer(commandId)
  }

  /** Commands that are answered when they are done. */
  #carryOut(type: number, fields: FrameReader): void {
    switch (type) {
      case COMMAND.messageAck:
        this.#subscriptions.onAck(fields)
        return
      case COMMAND.sessionInfo:
        // Sessions are known by the ids of their consumers.
        return
      case COMMAND.producerInfo:
        this.#arrival.addProducer(readProducerAsk(fields))
        return
      case COMMAND.removeInfo:
        this.#onRemove(fields)
        return
      case COMMAND.destinationInfo:
        this.#onDestination(fields)
        return
      default:
        throw unsupported(`commands of type ${type}`)
    }
  }

  #onLogin(fields: FrameReader, commandId: number, asksAnswer: boolean): void {
    const login = readLogin(fields)
    const { username, password } = this.#broker.settings
    if (username !== null && (login.username !== username || login.password !== password)) {
      const cause = { className: 'java.lang.SecurityException', message: 'User name or password is invalid.' }
      this.#hangUp(refusalFrame(cause, asksAnswer ? commandId : null))
      return
    }
    this.#state = 'connected'
    if (asksAnswer) this.#arrival.answer(commandId)
  }

  /** The answer stands before the first delivery. */
  #onConsumer(fields: FrameReader, commandId: number, asksAnswer: boolean): void {
    const subscription = this.#subscriptions.add(readConsumerAsk(fields))
    this.#broker.reconsider(this)
    if (asksAnswer) this.#arrival.answer(commandId)
    subscription.begin()
  }

  #onRemove(fields: FrameReader): void {
    const ask = readRemoveAsk(fields)
    switch (ask.kind) {
      case 'consumer':
        this.#subscriptions.end(ask.id)
        break
      case 'producer':
        this.#arrival.removeProducer(ask.id)
        break
      case 'session':
        this.#subscriptions.endSession(ask.session)
        break
      case 'connection':
        this.#subscriptions.endAll()
        this.#arrival.end()
        break
    }
    this.#broker.reconsider(this)
  }

  /** Destinations come with their first use; removing one throws away what lies in it. */
  #onDestination(fields: FrameReader): void {
    const ask = readDestinationAsk(fields)
    if (ask.operation === 'add') return
    const destination = this.#broker.destination(ask.destination.kind, ask.destination.name)
    if (!destination.purge()) {
      throw new Refusal('javax.jms.JMSException', `${destination.name} still has an active subscription`)
    }
    this.#broker.deleteIfUnused(destination)
  }

  /** Ends the connection, after a last frame if there is one. */
  #hangUp(lastFrame: Uint8Array | null): void {
    if (this.#state === 'ended') return
    if (lastFrame !== null) this.#connection.write(lastFrame)
    this.#end()
    void this.#connection.close()
  }

  #end(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#reading.end()
    this.#parser.stop()
    this.#broker.leave(this)
    this.#subscriptions.endAll()
    this.#arrival.end()
  }
}

/** @param commandId of the command that failed; null where it asked for no answer. */
function refusalFrame(cause: Throwable, commandId: number | null): Uint8Array {
  return commandId === null ? connectionError(cause) : exceptionResponse(commandId, cause)
}
