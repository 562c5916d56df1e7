import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { MqttParser } from '../../../src/protocol/mqtt/parser.ts'
import { PublishTemplate } from '../../../src/protocol/mqtt/publish-template.ts'
import { bytesOf, seenOf } from '../../protocol/mqtt/seen-packets.ts'
import type { SeenPacket } from '../../protocol/mqtt/seen-packets.ts'
import { eventually } from '../eventually.ts'

/** An MQTT server that does what the test tells it: answers CONNECT, SUBSCRIBE and pings, and records everything. */
export class ScriptedPeer {
  readonly received: SeenPacket[] = []
  /** Answer to CONNECT, each byte one character; null: none. Default: accepted, without properties. */
  connack: string | null = null
  /** Sent in front of CONNACK, in one write with it. */
  beforeConnack: Uint8Array = new Uint8Array(0)
  /** Code in SUBACK: the QoS that is granted, or a refusal. */
  granted = 1
  answersPings = true
  /** Called with every PUBLISH, to acknowledge it or not. */
  onPublish: (packetId: number, topic: string) => void = () => undefined
  readonly #level: 4 | 5
  readonly #server = createServer((socket) => this.#accept(socket))
  readonly #sockets = new Set<Socket>()
  /** The one that connected last. */
  #socket: Socket | null = null

  constructor(version: '3.1.1' | '5' = '3.1.1') {
    this.#level = version === '5' ? 5 : 4
    this.connack = this.#level === 5 ? '\x20\x03\x00\x00\x00' : '\x20\x02\x00\x00'
  }

  async listen(): Promise<Endpoint> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return {
      protocol: 'mqtt',
      transport: 'tcp',
      host: '127.0.0.1',
      port: (this.#server.address() as AddressInfo).port,
      path: '/',
      options: this.#level === 5 ? { version: '5' } : {},
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

  /** Sends packets to the connection that was made last, as one write; text has one character for each byte. */
  send(...packets: readonly (Uint8Array | string)[]): void {
    if (this.#socket !== null) write(this.#socket, ...packets)
  }

  /** A PUBLISH of the topic `q`. @param packetId 0: at QoS 0, without one. */
  message(packetId: number, body: string, isDuplicate = false): Uint8Array {
    const template = new PublishTemplate(this.#level, 'q', packetId === 0 ? 0 : 1)
    const bytes = new Uint8Array(template.packetBytes(body.length))
    template.write(bytes, 0, packetId, bytesOf(body))
    if (isDuplicate) bytes[0] = 0x3a
    return bytes
  }

  hangUp(): void {
    this.#socket?.end()
  }

  of(type: string): SeenPacket[] {
    return this.received.filter((packet) => packet.type === type)
  }

  async got(type: string, count: number): Promise<SeenPacket[]> {
    await eventually(() => this.of(type).length >= count, `${count} ${type} packets`)
    return this.of(type)
  }

  #accept(socket: Socket): void {
    this.#socket = socket
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    const parser = new MqttParser({ onPacket: (packet) => this.#onPacket(seenOf(packet), socket) }, this.#level)
    socket.on('data', (chunk: Buffer) => parser.feed(chunk))
  }

  #onPacket(packet: SeenPacket, socket: Socket): void {
    this.received.push(packet)
    switch (packet.type) {
      case 'CONNECT':
        if (this.connack !== null) write(socket, this.beforeConnack, this.connack)
        return
      case 'SUBSCRIBE':
        write(socket, this.#answer(0x90, packet, String.fromCharCode(this.granted)))
        return
      case 'UNSUBSCRIBE':
        write(socket, this.#answer(0xb0, packet, this.#level === 5 ? '\0' : ''))
        return
      case 'PINGREQ':
        if (this.answersPings) write(socket, '\xd0\x00')
        return
      case 'PUBLISH':
        this.onPublish(packet.packetId ?? 0, packet.topic ?? '')
    }
  }

  /** The packet id is repeated, no properties, the codes. */
  #answer(firstByte: number, { payload }: SeenPacket, codes: string): string {
    const body = `${payload.slice(0, 2)}${this.#level === 5 ? '\0' : ''}${codes}`
    return `${String.fromCharCode(firstByte, body.length)}${body}`
  }
}

/** PUBACK, with a reason code where one is given. */
export function puback(packetId: number, reason?: number): string {
  const id = String.fromCharCode(packetId >> 8, packetId & 0xff)
  return reason === undefined ? `\x40\x02${id}` : `\x40\x03${id}${String.fromCharCode(reason)}`
}

function write(socket: Socket, ...packets: readonly (Uint8Array | string)[]): void {
  socket.write(Buffer.concat(packets.map((each) => (typeof each === 'string' ? bytesOf(each) : each))))
}
