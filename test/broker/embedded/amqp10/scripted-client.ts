import { Amqp10Session } from '../../../../src/broker/embedded/amqp10/amqp10-session.ts'
import type { EmbeddedBroker } from '../../../../src/broker/embedded/embedded-broker.ts'
import { DESCRIPTOR } from '../../../../src/protocol/amqp10/descriptor.ts'
import type { Encoded } from '../../../../src/protocol/amqp10/encode-value.ts'
import {
  encodeBinary,
  encodeBoolean,
  encodeComposite,
  encodeString,
  encodeSymbol,
  encodeSymbols,
  encodeUbyte,
  encodeUint,
  joined,
} from '../../../../src/protocol/amqp10/encode-value.ts'
import { AMQP_FRAME, SASL_FRAME } from '../../../../src/protocol/amqp10/frame.ts'
import { AmqpFrameParser } from '../../../../src/protocol/amqp10/frame-parser.ts'
import { encodeFrame, encodeProtocolHeader } from '../../../../src/protocol/amqp10/performative.ts'
import { AmqpReader } from '../../../../src/protocol/amqp10/reader.ts'
import { readValue } from '../../../../src/protocol/amqp10/value.ts'
import type { AmqpValue } from '../../../../src/protocol/amqp10/value.ts'
import type { Connection } from '../../../../src/transport/connection.ts'

type Name = keyof typeof DESCRIPTOR
const NAMES = new Map(Object.entries(DESCRIPTOR).map(([name, code]) => [code as number, name as Name]))

/** A frame that the broker sent. */
export interface SentFrame {
  readonly name: Name
  readonly channel: number
  readonly fields: readonly AmqpValue[]
  readonly payload: Uint8Array
}

/** A connection in memory, with the broker's session on its other side: what the broker writes is kept. */
export class ScriptedClient {
  readonly session: Amqp10Session
  isHungUp = false
  isReadingPaused = false
  /** The client does not read. */
  isBlocked = false
  #written: Uint8Array[] = []

  constructor(broker: EmbeddedBroker) {
    this.session = new Amqp10Session(broker, 'brokermark-embedded/1.2.3')
    this.session.begin(this.#connection())
  }

  /** Logged in, open, with a session on channel 0. */
  static opened(broker: EmbeddedBroker, incomingWindow = 1000, frameBytesMax = 65_536): ScriptedClient {
    const client = new ScriptedClient(broker)
    client.logIn('ANONYMOUS')
    client.send(
      frame('open', [encodeString('client'), null, encodeUint(frameBytesMax)]),
      frame('begin', [null, encodeUint(0), encodeUint(incomingWindow), encodeUint(1000)]),
    )
    client.sent()
    return client
  }

  logIn(mechanism: string, response = ''): void {
    const init = [encodeSymbol(mechanism), encodeBinary(Buffer.from(response))]
    this.send(encodeProtocolHeader(3), encodeFrame(SASL_FRAME, encodeComposite(DESCRIPTOR.saslInit, init)))
    this.send(encodeProtocolHeader(0))
  }

  /** Hands over bytes as one chunk. */
  send(...bytes: readonly Uint8Array[]): void {
    const chunk = joined(bytes)
    this.session.onData(chunk, 0, chunk.length)
  }

  /** Every frame since the last call; protocol headers are left out. */
  sent(): SentFrame[] {
    const frames: SentFrame[] = []
    const parser = new AmqpFrameParser({
      onHeader: () => undefined,
      onFrame: (each) => {
        const reader = new AmqpReader()
        reader.load(each.buffer, each.bodyStart, each.end, 0)
        const name = NAMES.get(reader.readDescriptor())
        if (name === undefined) throw new Error('the broker sent what is none of AMQP')
        const fields = readValue(reader) as readonly AmqpValue[]
        const payload = new Uint8Array(each.buffer.subarray(reader.position, each.end))
        frames.push({ name, channel: each.channel, fields, payload })
      },
    })
    parser.feed(encodeProtocolHeader(0))
    for (const bytes of this.#written.splice(0)) if (bytes[0] !== 0x41) parser.feed(bytes)
    return frames
  }

  #connection(): Connection {
    const write = (bytes: Uint8Array): void => {
      this.#written.push(Uint8Array.from(bytes))
    }
    const output = new Uint8Array(1 << 20)
    return withBlocked(this, {
      peer: 'client',
      readsAreShared: false,
      isBlocked: false,
      pendingBytes: 0,
      messagePerWrite: false,
      isText: false,
      output,
      reserve: () => 0,
      commit: (end) => {
        write(output.subarray(0, end))
      },
      write,
      flush: () => undefined,
      pauseReading: () => (this.isReadingPaused = true),
      resumeReading: () => (this.isReadingPaused = false),
      counters: () => ({ writes: 0, bytesWritten: 0, bytesRead: 0 }),
      close: () => {
        this.isHungUp = true
        return Promise.resolve()
      },
      destroy: () => (this.isHungUp = true),
    })
  }
}

/** The connection, blocked when its client says so. */
function withBlocked(client: ScriptedClient, connection: Connection): Connection {
  return Object.defineProperty(connection, 'isBlocked', { get: () => client.isBlocked })
}

/** A frame with one performative and what is behind it. */
export function frame(
  name: Name,
  fields: readonly (Encoded | null)[],
  payload: Uint8Array = new Uint8Array(0),
  channel = 0,
): Uint8Array {
  return encodeFrame(AMQP_FRAME, joined([encodeComposite(DESCRIPTOR[name], fields), payload]), channel)
}

/** An attach to a queue, by its name and capability. @param role of the client. */
export function attach(handle: number, role: 'sender' | 'receiver', address: string, capability = 'queue'): Uint8Array {
  const capabilitiesAt = role === 'sender' ? 6 : 10
  const fields: (Encoded | null)[] = Array.from({ length: capabilitiesAt + 1 }, () => null)
  fields[0] = encodeString(address)
  fields[capabilitiesAt] = encodeSymbols([capability])
  const wanted = encodeComposite(role === 'sender' ? DESCRIPTOR.target : DESCRIPTOR.source, fields)
  const settle = [encodeUbyte(0), encodeUbyte(0)]
  const ends = role === 'sender' ? [null, wanted] : [wanted, null]
  return frame('attach', [
    encodeString(`link ${handle}`),
    encodeUint(handle),
    encodeBoolean(role === 'receiver'),
    ...settle,
    ...ends,
  ])
}

/** What a receiver says of its link. */
export function credit(
  handle: number,
  linkCredit: number,
  deliveryCount = 0,
  isDrain = false,
  window = 1000,
): Uint8Array {
  const windows = [encodeUint(0), encodeUint(window), encodeUint(0), encodeUint(1000)]
  const link = [encodeUint(handle), encodeUint(deliveryCount), encodeUint(linkCredit), null, encodeBoolean(isDrain)]
  return frame('flow', [...windows, ...link])
}
