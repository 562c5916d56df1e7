import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { methodFrame } from '../../../src/protocol/amqp091/field-writer.ts'
import type { FieldWriter } from '../../../src/protocol/amqp091/field-writer.ts'
import type { FieldReader } from '../../../src/protocol/amqp091/field-reader.ts'
import type { FieldTable, FieldValue } from '../../../src/protocol/amqp091/field-table.ts'
import { HEARTBEAT_FRAME, PROTOCOL_HEADER } from '../../../src/protocol/amqp091/frame.ts'
import { METHOD, methodName } from '../../../src/protocol/amqp091/method.ts'
import { Amqp091Parser } from '../../../src/protocol/amqp091/parser.ts'
import { eventually } from '../eventually.ts'

/** A method that the driver sent. */
export interface ReceivedMethod {
  /** `basic.publish`. */
  readonly name: string
  /** The arguments, still encoded. */
  readonly fields: Buffer
}

/** A message that the driver published. */
export interface ReceivedMessage {
  /** Property flags and properties, still encoded. */
  readonly properties: Buffer
  readonly body: string
}

/** What is sent in answer to a method; null: nothing. */
export type Answer = Uint8Array | null

/** An AMQP 0-9-1 server that does what the test tells it, answers what a driver must be answered, and records everything. */
export class ScriptedPeer {
  readonly received: ReceivedMethod[] = []
  readonly messages: ReceivedMessage[] = []
  heartBeats = 0
  /** Bytes sent at once to everybody who connects, instead of anything else. */
  greeting: Uint8Array | null = null
  serverProperties: FieldTable = new Map<string, FieldValue>([
    ['product', 'Scripted'],
    ['version', '1.2.3'],
  ])
  mechanisms = 'AMQPLAIN PLAIN'
  tune = { channelMax: 2047, frameBytesMax: 131_072, heartbeatSeconds: 60 }
  /** By name of the method, instead of the usual answer. */
  readonly answers = new Map<string, Answer>()
  readonly #server = createServer((socket) => this.#accept(socket))
  #socket: Socket | null = null

  async listen(): Promise<Endpoint> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return {
      protocol: 'amqp091',
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

  /** Sends frames as one write. */
  send(...frames: readonly Uint8Array[]): void {
    this.#socket?.write(Buffer.concat(frames))
  }

  hangUp(): void {
    this.#socket?.end()
  }

  pauseReading(): void {
    this.#socket?.pause()
  }

  of(name: string): ReceivedMethod[] {
    return this.received.filter((method) => method.name === name)
  }

  async got(name: string, count = 1): Promise<ReceivedMethod[]> {
    await eventually(
      () => this.of(name).length >= count,
      `${count} ${name}`,
      () => `got ${this.received.map((method) => method.name).join(', ')}`,
    )
    return this.of(name)
  }

  #accept(socket: Socket): void {
    this.#socket = socket
    socket.on('error', () => undefined)
    if (this.greeting !== null) socket.write(this.greeting)
    let properties = Buffer.alloc(0)
    const parser = new Amqp091Parser({
      onMethod: (_, method, fields) => this.#onMethod(method, fields),
      onContentHeader: (fields) => {
        properties = Buffer.from(fields.buffer.slice(fields.position, fields.end))
      },
      onContent: (buffer, start, end) => {
        this.messages.push({ properties, body: Buffer.from(buffer.slice(start, end)).toString('latin1') })
      },
    })
    let isGreeted = false
    socket.on('data', (chunk: Buffer) => {
      if (this.greeting !== null) return
      if (chunk.equals(HEARTBEAT_FRAME)) this.heartBeats++
      if (isGreeted) {
        parser.feed(chunk)
        return
      }
      isGreeted = chunk.equals(PROTOCOL_HEADER)
      this.send(this.#start())
    })
  }

  #start(): Uint8Array {
    return methodFrame(0, METHOD.connectionStart, (fields) =>
      fields.octet(0).octet(9).table(this.serverProperties).longString(this.mechanisms).longString('en_US'),
    )
  }

  #onMethod(method: number, fields: FieldReader): void {
    const name = methodName(method)
    this.received.push({ name, fields: Buffer.from(fields.buffer.slice(fields.position, fields.end)) })
    const scripted = this.answers.get(name)
    const answer = scripted === undefined ? this.#usualAnswer(method) : scripted
    if (answer !== null) this.send(answer)
  }

  #usualAnswer(method: number): Answer {
    const { channelMax, frameBytesMax, heartbeatSeconds } = this.tune
    const ok = (answer: number, write?: (fields: FieldWriter) => FieldWriter): Uint8Array =>
      methodFrame(1, answer, write)
    switch (method) {
      case METHOD.connectionStartOk:
        return methodFrame(0, METHOD.connectionTune, (fields) =>
          fields.short(channelMax).long(frameBytesMax).short(heartbeatSeconds),
        )
      case METHOD.connectionOpen:
        return methodFrame(0, METHOD.connectionOpenOk, (fields) => fields.shortString(''))
      case METHOD.connectionClose:
        return methodFrame(0, METHOD.connectionCloseOk)
      case METHOD.channelOpen:
        return ok(METHOD.channelOpenOk, (fields) => fields.longString(''))
      case METHOD.channelClose:
        return ok(METHOD.channelCloseOk)
      case METHOD.confirmSelect:
        return ok(METHOD.confirmSelectOk)
      case METHOD.txSelect:
        return ok(METHOD.txSelectOk)
      case METHOD.basicQos:
        return ok(METHOD.basicQosOk)
      case METHOD.basicConsume:
        return ok(METHOD.basicConsumeOk, (fields) => fields.shortString('brokermark'))
      case METHOD.queueDeclare:
        return ok(METHOD.queueDeclareOk, (fields) => fields.shortString('amq.gen-1').long(7).long(0))
      case METHOD.queueBind:
        return ok(METHOD.queueBindOk)
      case METHOD.queueDelete:
        return ok(METHOD.queueDeleteOk, (fields) => fields.long(0))
      default:
        return null
    }
  }
}

/** connection.close (channel 0) or channel.close. */
export function closing(channel: number, code: number, text: string): Uint8Array {
  const method = channel === 0 ? METHOD.connectionClose : METHOD.channelClose
  return methodFrame(channel, method, (fields) => fields.short(code).shortString(text).short(0).short(0))
}
