import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { FrameParser } from '../../../src/protocol/openwire/frame-parser.ts'
import type { FrameReader } from '../../../src/protocol/openwire/frame-reader.ts'
import { COMMAND, MESSAGE } from '../../../src/protocol/openwire/type-codes.ts'
import { readWireFormatInfo, wireFormatInfo } from '../../../src/protocol/openwire/wire-format-info.ts'
import { brokerInfoFrame, exceptionFrame, responseFrame } from '../../protocol/openwire/broker-frames.ts'
import { eventually } from '../eventually.ts'

/** A frame that the driver sent; the first two fields are 0 and false for WireFormatInfo. */
export interface ReceivedCommand {
  readonly type: number
  readonly commandId: number
  readonly responseRequired: boolean
  /** Everything behind type and base. */
  readonly fields: Buffer
}

/** Commands of a session that are answered unless the test says otherwise. */
const ADMINISTRATIVE: readonly number[] = [
  COMMAND.connectionInfo,
  COMMAND.sessionInfo,
  COMMAND.producerInfo,
  COMMAND.consumerInfo,
  COMMAND.destinationInfo,
  COMMAND.removeInfo,
]

/** An OpenWire broker that does what the test tells it: greets, answers what is to be answered, and records everything. */
export class ScriptedPeer {
  readonly received: ReceivedCommand[] = []
  /** MaxInactivityDuration that the driver announced. */
  announcedInactivityMs = -1
  /** Sent at once to everybody who connects. */
  greeting: Uint8Array = wireFormatInfo(
    { maxInactivityMs: 0, maxInactivityInitialDelayMs: 0 },
    { name: 'ActiveMQ', version: '5.18.3' },
  )
  brokerId = 'ID:host-1-2-0:1'
  /** Types that are answered. */
  answersFor: readonly number[] = ADMINISTRATIVE
  /** Types that are answered with an exception: its class and its message. */
  refusals: Readonly<Record<number, readonly [className: string, message: string]>> = {}
  readonly #server = createServer((socket) => this.#accept(socket))
  readonly #sockets = new Set<Socket>()
  #socket: Socket | null = null

  async listen(): Promise<Endpoint> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return {
      protocol: 'openwire',
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
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Sends frames to the last who connected, as one write. */
  send(...frames: readonly Uint8Array[]): void {
    this.#socket?.write(Buffer.concat(frames))
  }

  hangUp(): void {
    this.#socket?.end()
  }

  of(type: number): ReceivedCommand[] {
    return this.received.filter((command) => command.type === type)
  }

  async got(type: number, count: number): Promise<ReceivedCommand[]> {
    await eventually(
      () => this.of(type).length >= count,
      `${count} commands of type ${type}`,
      () => `got ${this.received.map((command) => command.type).join(' ')}`,
    )
    return this.of(type)
  }

  /** Waits for so many messages. */
  messages(count: number): Promise<ReceivedCommand[]> {
    return this.got(MESSAGE.bytes, count)
  }

  #accept(socket: Socket): void {
    this.#socket = socket
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.write(this.greeting)
    const parser = new FrameParser({ onFrame: (type, fields) => this.#onFrame(socket, type, fields) })
    socket.on('data', (chunk: Buffer) => parser.feed(chunk))
  }

  #onFrame(socket: Socket, type: number, fields: FrameReader): void {
    if (type === COMMAND.wireFormatInfo) {
      this.announcedInactivityMs = readWireFormatInfo(fields).maxInactivityMs
      // A peer that says nothing says nothing.
      if (this.greeting.length > 0) socket.write(brokerInfoFrame(this.brokerId))
      return
    }
    const commandId = fields.i32()
    const responseRequired = fields.bool()
    const rest = Buffer.from(fields.buffer.subarray(fields.position, fields.end))
    this.received.push({ type, commandId, responseRequired, fields: rest })
    const refusal = this.refusals[type]
    if (refusal !== undefined) socket.write(exceptionFrame(commandId, ...refusal))
    else if (responseRequired && this.answersFor.includes(type)) socket.write(responseFrame(commandId))
  }
}
