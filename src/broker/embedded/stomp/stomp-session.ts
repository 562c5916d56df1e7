/** STOMP 1.2 as a server speaks it, over one connection. Transactions are refused; other headers are not passed on. */
import { encodeFrame } from '../../../protocol/stomp/encode-frame.ts'
import type { StompFrame } from '../../../protocol/stomp/frame.ts'
import { receiptBytes, writeReceipt } from '../../../protocol/stomp/id-frames.ts'
import { StompParser } from '../../../protocol/stomp/parser.ts'
import type { StompFrameHandler } from '../../../protocol/stomp/parser.ts'
import { StompProtocolError } from '../../../protocol/stomp/stomp-error.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { Destination } from '../destination.ts'
import type { Client, EmbeddedBroker } from '../embedded-broker.ts'
import { Reading } from '../reading.ts'
import type { Sender } from '../service-line.ts'
import type { Session } from '../session.ts'
import { StompSubscription } from './stomp-subscription.ts'
import { subscriptionAskOf } from './subscription-ask.ts'
import { Unacknowledged } from '../unacknowledged.ts'

const DESTINATION = new TextEncoder().encode('destination')
const RECEIPT = new TextEncoder().encode('receipt')
const ID = new TextEncoder().encode('id')

export class StompSession implements Session, StompFrameHandler, Client, Sender {
  readonly #broker: EmbeddedBroker
  readonly #serverName: string
  readonly #parser = new StompParser(this)
  readonly #unacknowledged = new Unacknowledged<StompSubscription>()
  readonly #subscriptions = new Map<string, StompSubscription>()
  #connection: Connection | null = null
  #state: 'new' | 'connected' | 'ended' = 'new'
  #hasPublished = false
  #reading: Reading | null = null
  /** The chunk being parsed: bodies that lie in it need no copy, because every chunk is a buffer of its own. */
  #chunk: Uint8Array | null = null
  #destination: Destination | null = null
  #destinationBytes = new Uint8Array(0)

  /** @param serverName value of CONNECTED's `server` header. */
  constructor(broker: EmbeddedBroker, serverName: string) {
    this.#broker = broker
    this.#serverName = serverName
  }

  begin(connection: Connection): void {
    this.#connection = connection
    this.#reading = new Reading(connection)
    this.#broker.enter(this)
  }

  get isPublisher(): boolean {
    return this.#hasPublished && this.#subscriptions.size === 0
  }

  holdBack(isHeldBack: boolean): void {
    this.#reading?.holdBack(isHeldBack)
  }

  confirm(receipt: Uint8Array): void {
    this.#sendReceipt(receipt, 0, receipt.length)
  }

  cut(): void {
    this.#end()
    this.#connection?.destroy()
  }

  onData(buffer: Uint8Array, start: number, end: number): void {
    this.#chunk = this.#connection?.readsAreShared === true ? null : buffer
    try {
      this.#parser.feed(buffer, start, end)
    } catch (error) {
      if (!(error instanceof StompProtocolError)) throw error
      this.#refuse('malformed frame', error.message)
    }
    this.#reading?.reconsider()
  }

  onBlocked(): void {
    this.#reading?.reconsider()
  }

  onDrain(): void {
    this.#reading?.reconsider()
    for (const subscription of this.#subscriptions.values()) subscription.resume()
  }

  onClose(): void {
    this.#end()
  }

  onFrame(frame: StompFrame): void {
    if (this.#state === 'connected') this.#onFrame(frame)
    else if (frame.command === 'CONNECT' || frame.command === 'STOMP') this.#onConnect(frame)
    else this.#refuse('not connected', `${frame.command} came before CONNECT`)
  }

  #onFrame(frame: StompFrame): void {
    switch (frame.command) {
      case 'SEND':
        this.#onSend(frame)
        return
      case 'ACK':
      case 'NACK':
        this.#onAck(frame)
        break
      case 'SUBSCRIBE':
        this.#onSubscribe(frame)
        break
      case 'UNSUBSCRIBE':
        this.#onUnsubscribe(frame)
        break
      case 'DISCONNECT':
        this.#answerReceipt(frame)
        this.#end()
        void this.#connection?.close()
        return
      default:
        this.#refuse('unsupported', `${frame.command} is not supported here`)
    }
    this.#answerReceipt(frame)
  }

  #onConnect(frame: StompFrame): void {
    const { username, password } = this.#broker.settings
    if (!(frame.header('accept-version') ?? '1.0').split(',').includes('1.2')) {
      this.#refuse('unsupported protocol version', 'supported is version 1.2')
    } else if (username !== null && (frame.header('login') !== username || frame.header('passcode') !== password)) {
      this.#refuse('access refused', 'user name or password is wrong')
    } else {
      this.#state = 'connected'
      const headers = { version: '1.2', server: this.#serverName, 'heart-beat': '0,0' }
      this.#connection?.write(encodeFrame('CONNECTED', headers))
    }
  }

  #onSend(frame: StompFrame): void {
    const destination = this.#destinationOf(frame)
    if (destination === null) return
    if (this.#broker.isOverfull) {
      this.#refuse('memory limit', 'the broker is full')
      return
    }
    if (!this.#hasPublished) {
      this.#hasPublished = true
      this.#broker.reconsider(this)
    }
    const body = frame.buffer === this.#chunk ? frame.body() : frame.body().slice()
    if (this.#broker.hasFaults) {
      this.#broker.offer(destination, body, this, receiptOf(frame))
    } else {
      destination.accept(body)
      this.#answerReceipt(frame)
    }
  }

  /** Looks the destination up only when it is another one than last time. */
  #destinationOf(frame: StompFrame): Destination | null {
    const index = frame.indexOf(DESTINATION)
    if (index >= 0 && this.#destination?.isDeleted === false && this.#isSameDestination(frame, index)) {
      return this.#destination
    }
    const text = frame.header('destination') ?? ''
    const match = /^\/(queue|topic)\/(.+)$/s.exec(text)
    if (match?.[2] === undefined) {
      this.#refuse('unknown destination', `"${text}" is neither /queue/NAME nor /topic/NAME`)
      return null
    }
    const destination = this.#broker.destination(match[1] === 'topic' ? 'topic' : 'queue', match[2])
    this.#destination = destination
    this.#destinationBytes = frame.buffer.slice(frame.valueStart(index), frame.valueEnd(index))
    return destination
  }

  #isSameDestination(frame: StompFrame, index: number): boolean {
    const start = frame.valueStart(index)
    const known = this.#destinationBytes
    if (frame.valueEnd(index) - start !== known.length) return false
    for (let position = 0; position < known.length; position++) {
      if (frame.buffer[start + position] !== known[position]) return false
    }
    return true
  }

  #onSubscribe(frame: StompFrame): void {
    const ask = subscriptionAskOf(frame)
    if (typeof ask === 'string') {
      this.#refuse('malformed frame', ask)
      return
    }
    const destination = this.#destinationOf(frame)
    if (destination === null || this.#connection === null) return
    if (this.#subscriptions.has(ask.id)) {
      this.#refuse('malformed frame', `there is a subscription ${ask.id} already`)
      return
    }
    const subscription = new StompSubscription(ask, destination, this.#broker, this.#connection, this.#unacknowledged)
    this.#subscriptions.set(ask.id, subscription)
    this.#broker.reconsider(this)
    subscription.begin()
  }

  #onUnsubscribe(frame: StompFrame): void {
    const id = frame.header('id') ?? ''
    this.#subscriptions.get(id)?.end()
    this.#subscriptions.delete(id)
    this.#broker.reconsider(this)
  }

  #onAck(frame: StompFrame): void {
    const number = frame.numberOf(ID)
    const subscription = this.#unacknowledged.ownerOf(number)
    if (subscription === null)
      this.#refuse('malformed frame', `${frame.command} for a delivery that is not outstanding`)
    else if (frame.command === 'ACK') subscription.acknowledge(number)
    else subscription.reject(number)
  }

  #answerReceipt(frame: StompFrame): void {
    const index = frame.indexOf(RECEIPT)
    if (index >= 0) this.#sendReceipt(frame.buffer, frame.valueStart(index), frame.valueEnd(index))
  }

  #sendReceipt(id: Uint8Array, start: number, end: number): void {
    const connection = this.#connection
    if (connection === null || this.#state !== 'connected') return
    const at = connection.reserve(receiptBytes(end - start))
    connection.commit(writeReceipt(connection.output, at, id, start, end))
  }

  /** Sends ERROR and ends the connection. */
  #refuse(message: string, explanation: string): void {
    if (this.#state === 'ended') return
    const body = new TextEncoder().encode(explanation)
    this.#connection?.write(encodeFrame('ERROR', { message, version: '1.2', 'content-type': 'text/plain' }, body))
    this.#end()
    void this.#connection?.close()
  }

  #end(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#reading?.end()
    this.#parser.stop()
    this.#broker.leave(this)
    for (const subscription of this.#subscriptions.values()) subscription.end()
    this.#subscriptions.clear()
    if (this.#destination !== null) this.#broker.deleteIfUnused(this.#destination)
  }
}

/** A copy of the value of the frame's `receipt` header, as it came. */
function receiptOf(frame: StompFrame): Uint8Array | null {
  const index = frame.indexOf(RECEIPT)
  return index < 0 ? null : frame.buffer.slice(frame.valueStart(index), frame.valueEnd(index))
}
