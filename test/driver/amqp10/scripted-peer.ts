import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { DESCRIPTOR } from '../../../src/protocol/amqp10/descriptor.ts'
import {
  encodeBinary,
  encodeBoolean,
  encodeComposite,
  encodeDescribed,
  encodeMap,
  encodeString,
  encodeSymbol,
  encodeSymbols,
  encodeUbyte,
  encodeUint,
  encodeUshort,
  joined,
} from '../../../src/protocol/amqp10/encode-value.ts'
import type { Encoded } from '../../../src/protocol/amqp10/encode-value.ts'
import { AMQP_FRAME, SASL_FRAME } from '../../../src/protocol/amqp10/frame.ts'
import type { AmqpFrame } from '../../../src/protocol/amqp10/frame.ts'
import { AmqpFrameParser } from '../../../src/protocol/amqp10/frame-parser.ts'
import { encodeFrame, encodeProtocolHeader } from '../../../src/protocol/amqp10/performative.ts'
import { AmqpReader } from '../../../src/protocol/amqp10/reader.ts'
import { readValue } from '../../../src/protocol/amqp10/value.ts'
import type { AmqpValue } from '../../../src/protocol/amqp10/value.ts'
import { eventually } from '../eventually.ts'

type Name = keyof typeof DESCRIPTOR

/** A frame that the driver sent. */
export interface ReceivedFrame {
  readonly name: Name
  readonly fields: readonly AmqpValue[]
  readonly payload: Uint8Array
}

const NAMES = new Map(Object.entries(DESCRIPTOR).map(([name, code]) => [code as number, name as Name]))
const SASL: readonly Name[] = ['saslMechanisms', 'saslOutcome', 'saslInit', 'saslChallenge', 'saslResponse']

/** A broker of AMQP 1.0 that does what the test tells it: answers what opens and ends, and records everything. */
export class ScriptedPeer {
  readonly received: ReceivedFrame[] = []
  /** Frames without a body. */
  emptyFrames = 0
  /** Bytes sent at once to everybody who connects, instead of anything else. */
  greeting: Uint8Array | null = null
  mechanisms: readonly string[] = ['PLAIN', 'EXTERNAL', 'ANONYMOUS']
  saslOutcome = 0
  frameBytesMax = 65_536
  idleTimeOutMs = 0
  product = 'Scripted'
  incomingWindow = 1000
  /** Credit for a producer, given when it attaches. */
  credit = 1000
  /** `max-message-size` in the answer to a producer's attach; null: none. */
  messageBytesMax: Encoded | null = null
  /** Performatives that are not answered. */
  silentOn: readonly Name[] = []
  /** The error with which a link is refused, by detaching or by ending the session as RabbitMQ does; `from` which attach on. */
  refusal: {
    readonly condition: string
    readonly by: 'detach' | 'end'
    readonly times: number
    readonly from?: number
  } | null = null
  /** Detaches and ends of ours, whose answers are not answered again. */
  #unanswered: Name[] = []
  readonly #server = createServer((socket) => this.#accept(socket))
  #socket: Socket | null = null

  async listen(): Promise<Endpoint> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return {
      protocol: 'amqp10',
      transport: 'tcp',
      host: '127.0.0.1',
      port: (this.#server.address() as AddressInfo).port,
      path: '/',
      options: {},
      username: 'bench',
      password: 'correct-h0rse',
      tls: null,
    }
  }

  async close(): Promise<void> {
    this.#socket?.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Sends as one write. */
  send(...frames: readonly Uint8Array[]): void {
    this.#socket?.write(joined(frames))
  }

  hangUp(): void {
    this.#socket?.end()
  }

  of(name: Name): ReceivedFrame[] {
    return this.received.filter((frame) => frame.name === name)
  }

  async got(name: Name, count: number): Promise<ReceivedFrame[]> {
    await eventually(
      () => this.of(name).length >= count,
      `${count} ${name} frames`,
      () => `(got ${this.received.map((frame) => frame.name).join(' ')})`,
    )
    return this.of(name)
  }

  #accept(socket: Socket): void {
    this.#socket = socket
    socket.on('error', () => undefined)
    if (this.greeting !== null) {
      socket.write(this.greeting)
      socket.resume()
      return
    }
    const parser = new AmqpFrameParser({
      onHeader: (protocolId) => {
        socket.write(encodeProtocolHeader(protocolId))
        if (protocolId === 3) socket.write(frameOf('saslMechanisms', [encodeSymbols(this.mechanisms)]))
      },
      onFrame: (frame) => {
        this.#onFrame(frame, socket)
        if (this.received.at(-1)?.name === 'saslInit' && frame.type === SASL_FRAME) parser.expectHeader()
      },
    })
    socket.on('data', (chunk: Buffer) => {
      parser.feed(chunk)
    })
  }

  #onFrame(frame: AmqpFrame, socket: Socket): void {
    if (frame.isEmpty) {
      this.emptyFrames++
      return
    }
    const reader = new AmqpReader()
    reader.load(frame.buffer, frame.bodyStart, frame.end, frame.originBytes)
    const name = NAMES.get(reader.readDescriptor())
    if (name === undefined) throw new Error('the driver sent what is none of AMQP')
    const fields = readValue(reader) as readonly AmqpValue[]
    this.received.push({ name, fields, payload: new Uint8Array(frame.buffer.subarray(reader.position, frame.end)) })
    if (this.#unanswered[0] === name) this.#unanswered.shift()
    else if (!this.silentOn.includes(name)) socket.write(joined(this.#answersTo(name, fields)))
  }

  #answersTo(name: Name, fields: readonly AmqpValue[]): Uint8Array[] {
    switch (name) {
      case 'saslInit':
        return [frameOf('saslOutcome', [encodeUbyte(this.saslOutcome)])]
      case 'open':
        return [this.#open()]
      case 'begin':
        return [frameOf('begin', [encodeUshort(0), encodeUint(0), encodeUint(this.incomingWindow), encodeUint(1000)])]
      case 'attach':
        return this.#attach(fields)
      case 'detach':
        return [frameOf('detach', [encodeUint(0), encodeBoolean(true)])]
      case 'end':
      case 'close':
        return [frameOf(name, [])]
      default:
        return []
    }
  }

  #open(): Uint8Array {
    const idle = this.idleTimeOutMs === 0 ? null : encodeUint(this.idleTimeOutMs)
    const properties = encodeMap(
      [encodeSymbol('product'), encodeString(this.product)].concat([encodeSymbol('version'), encodeString('3.10.8')]),
    )
    const maxFrame = encodeUint(this.frameBytesMax)
    return frameOf('open', [encodeString('peer'), null, maxFrame, null, idle, null, null, null, null, properties])
  }

  #attach(fields: readonly AmqpValue[]): Uint8Array[] {
    const isReceiver = fields[2] === true
    const handle = encodeUint(fields[1] as number)
    const refusal = this.refusal
    const attaches = this.of('attach').length
    const isRefused = refusal !== null && attaches >= (refusal.from ?? 1) && attaches <= refusal.times
    const terminus = isRefused ? null : encodeComposite(DESCRIPTOR.source, [encodeString('here')])
    const attached = frameOf('attach', [
      encodeString(fields[0] as string),
      handle,
      encodeBoolean(!isReceiver),
      null,
      null,
      terminus,
      terminus,
      ...(isReceiver ? [null, null, encodeUint(0xffffffff)] : [null, null, null, this.messageBytesMax]),
    ])
    if (isRefused) this.#unanswered.push(refusal.by)
    if (isRefused && refusal.by === 'end') return [frameOf('end', [errorValue(refusal.condition)])]
    if (isRefused) return [attached, frameOf('detach', [handle, encodeBoolean(true), errorValue(refusal.condition)])]
    return [attached, ...(isReceiver ? [] : [flow(this.credit, 0, this.incomingWindow, 0, false, handle)])]
  }
}

/** A frame with one performative or SASL element. */
export function frameOf(
  name: Name,
  fields: readonly (Encoded | null)[],
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const type = SASL.includes(name) ? SASL_FRAME : AMQP_FRAME
  return encodeFrame(type, joined([encodeComposite(DESCRIPTOR[name], fields), payload]))
}

export function errorValue(condition: string): Encoded {
  return encodeComposite(DESCRIPTOR.error, [encodeSymbol(condition), encodeString('in the words of the peer to bench')])
}

/** What a sender says of its link: so many messages wait. */
export function availableFlow(messages: number): Uint8Array {
  const windows = [encodeUint(0), encodeUint(1000), encodeUint(0), encodeUint(1000)]
  return frameOf('flow', [...windows, encodeUint(0), encodeUint(0), encodeUint(1000), encodeUint(messages)])
}

/** What a receiver says of its link: the driver may send `credit` messages after its first `deliveryCount`. */
export function flow(
  credit: number,
  deliveryCount = 0,
  window = 1000,
  seen = 0,
  isDrain = false,
  handle = encodeUint(0),
): Uint8Array {
  const windows = [encodeUint(seen), encodeUint(window), encodeUint(0), encodeUint(1000)]
  const link = [handle, encodeUint(deliveryCount), encodeUint(credit), null, encodeBoolean(isDrain)]
  return frameOf('flow', [...windows, ...link])
}

export function disposition(
  first: number,
  last: number | null,
  state: Encoded | null = encodeComposite(DESCRIPTOR.accepted, []),
  isSettled = true,
): Uint8Array {
  const range = [encodeUint(first), last === null ? null : encodeUint(last)]
  return frameOf('disposition', [encodeBoolean(true), ...range, encodeBoolean(isSettled), state])
}

/** A message with a body of these characters, in a data section. */
export function transfer(
  deliveryId: number | null,
  body: string,
  over: { readonly isSettled?: boolean; readonly hasMore?: boolean; readonly isAborted?: boolean } = {},
  section = data(body),
): Uint8Array {
  const { isSettled = false, hasMore = false, isAborted = false } = over
  const tag = deliveryId === null ? null : encodeBinary(Uint8Array.of(deliveryId))
  const id = deliveryId === null ? null : encodeUint(deliveryId)
  const flags = [encodeBoolean(isSettled), encodeBoolean(hasMore), null, null, null, encodeBoolean(isAborted)]
  return frameOf('transfer', [encodeUint(0), id, tag, encodeUint(0), ...flags], section)
}

export function data(body: string): Uint8Array {
  return encodeDescribed(DESCRIPTOR.data, encodeBinary(Buffer.from(body)))
}
