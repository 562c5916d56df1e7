import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { encodeFrame } from '../../../src/protocol/stomp/encode-frame.ts'
import type { Command } from '../../../src/protocol/stomp/command.ts'
import type { StompFrame } from '../../../src/protocol/stomp/frame.ts'
import { StompParser } from '../../../src/protocol/stomp/parser.ts'
import { eventually } from '../eventually.ts'

/** A frame that the driver sent. */
export interface ReceivedFrame {
  readonly command: Command
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A STOMP server that does what the test tells it: answers CONNECT and DISCONNECT, and records everything. */
export class ScriptedPeer {
  readonly received: ReceivedFrame[] = []
  /** Heart-beats, as bytes between frames. */
  lineFeeds = 0
  /** Headers of CONNECTED. */
  connected: Record<string, string> = { version: '1.2', server: 'Scripted/1', 'heart-beat': '0,0' }
  /** Bytes sent at once to everybody who connects, instead of anything else. */
  greeting: Uint8Array | null = null
  /** Frames that get the receipt they ask for. */
  receiptsFor: readonly Command[] = ['SUBSCRIBE', 'DISCONNECT', 'UNSUBSCRIBE']
  readonly #server = createServer((socket) => this.#accept(socket))
  #socket: Socket | null = null

  async listen(): Promise<Endpoint> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return {
      protocol: 'stomp',
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
  send(...frames: readonly (Uint8Array | readonly [Command, Record<string, string>, string?])[]): void {
    const bytes = frames.map((frame) =>
      frame instanceof Uint8Array
        ? frame
        : encodeFrame(frame[0], frame[1], frame[2] === undefined ? null : Buffer.from(frame[2], 'latin1')),
    )
    this.#socket?.write(Buffer.concat(bytes))
  }

  hangUp(): void {
    this.#socket?.end()
  }

  of(command: Command): ReceivedFrame[] {
    return this.received.filter((frame) => frame.command === command)
  }

  async got(command: Command, count: number): Promise<ReceivedFrame[]> {
    await eventually(() => this.of(command).length >= count, `${count} ${command} frames`)
    return this.of(command)
  }

  #accept(socket: Socket): void {
    this.#socket = socket
    socket.on('error', () => undefined)
    if (this.greeting !== null) socket.write(this.greeting)
    const parser = new StompParser({ onFrame: (frame) => this.#onFrame(frame) })
    socket.on('data', (chunk: Buffer) => {
      if (chunk.length === 1 && chunk[0] === 10) this.lineFeeds++
      if (this.greeting === null) parser.feed(chunk)
    })
  }

  #onFrame(frame: StompFrame): void {
    const headers = Object.fromEntries(frame.headers())
    this.received.push({
      command: frame.command,
      headers,
      body: Buffer.from(frame.body()).toString('latin1'),
    })
    if (frame.command === 'CONNECT') this.send(['CONNECTED', this.connected])
    const receipt = headers['receipt']
    if (receipt !== undefined && this.receiptsFor.includes(frame.command)) {
      this.send(['RECEIPT', { 'receipt-id': receipt }])
    }
  }
}
