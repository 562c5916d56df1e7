/**
 * What no client can be cheaper than at window 1: the same bytes to and fro over two sockets, by node:net alone. On the
 * first, a message goes out and its confirm comes back; on the second, its delivery comes in and its acknowledgement
 * goes out. As many writes and reads as the client has, nothing encoded, nothing parsed.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Completion } from './completion.ts'
import type { Exchange } from './exchange.ts'

/** Bytes of one message in each direction. */
export interface MessageBytes {
  readonly published: number
  readonly confirm: number
  readonly delivery: number
  readonly acknowledgement: number
}

/** What the peer is told at its start. */
export interface FloorPeerStart {
  readonly bytes: MessageBytes
}

/** What it answers, once it listens. */
export interface FloorPeerPorts {
  readonly publishPort: number
  readonly consumePort: number
}

/** Starts a peer process, which ends with this one, and connects to it. */
export async function openFloor(bytes: MessageBytes, runTimeoutMs: number): Promise<Exchange> {
  const peer = fork(new URL('./floor-peer.js', import.meta.url), [], { execArgv: [] })
  const start: FloorPeerStart = { bytes }
  peer.send(start)
  const [answer] = (await once(peer, 'message')) as [FloorPeerPorts]
  const pingPong = new PingPong(bytes, runTimeoutMs)
  await pingPong.connect(answer)
  return { run: (messages) => pingPong.run(messages), traffic: () => null }
}

class PingPong {
  readonly #bytes: MessageBytes
  readonly #message: Buffer
  readonly #acknowledgement: Buffer
  readonly #completion: Completion
  #publisher: Socket | null = null
  #consumer: Socket | null = null
  #target = 0
  #published = 0
  #confirmed = 0
  #delivered = 0
  #confirmBytesRead = 0
  #deliveryBytesRead = 0

  constructor(bytes: MessageBytes, runTimeoutMs: number) {
    this.#bytes = bytes
    this.#message = Buffer.alloc(bytes.published, 120)
    this.#acknowledgement = Buffer.alloc(bytes.acknowledgement, 120)
    this.#completion = new Completion(runTimeoutMs)
  }

  async connect(ports: FloorPeerPorts): Promise<void> {
    // Read into one buffer, as a client that wants to be cheap does: the cheaper floor is the honest one.
    const buffer = Buffer.allocUnsafeSlow(256 * 1024)
    const open = async (port: number, received: (length: number) => void): Promise<Socket> => {
      const callback = (length: number): boolean => {
        received(length)
        return true
      }
      const socket = connect({ host: '127.0.0.1', port, onread: { buffer, callback } })
      await once(socket, 'connect')
      socket.setNoDelay(true)
      socket.on('close', () => this.#completion.fail(new Error('the peer has ended')))
      return socket
    }
    this.#publisher = await open(ports.publishPort, (length) => this.#onConfirmBytes(length))
    this.#consumer = await open(ports.consumePort, (length) => this.#onDeliveryBytes(length))
  }

  run(messages: number): Promise<void> {
    this.#target += messages
    const ended = this.#completion.begin(() => `${this.#confirmed} confirmed, ${this.#delivered} delivered`)
    this.#publish()
    return ended
  }

  #publish(): void {
    if (this.#published === this.#target) return
    this.#published++
    this.#publisher?.write(this.#message)
  }

  #onConfirmBytes(length: number): void {
    this.#confirmBytesRead += length
    if (this.#confirmBytesRead < this.#bytes.confirm) return
    this.#confirmBytesRead -= this.#bytes.confirm
    this.#confirmed++
    this.#publish()
    this.#check()
  }

  #onDeliveryBytes(length: number): void {
    this.#deliveryBytesRead += length
    while (this.#deliveryBytesRead >= this.#bytes.delivery) {
      this.#deliveryBytesRead -= this.#bytes.delivery
      this.#delivered++
      if (this.#bytes.acknowledgement > 0) this.#consumer?.write(this.#acknowledgement)
    }
    this.#check()
  }

  #check(): void {
    if (this.#confirmed === this.#target && this.#delivered === this.#target) this.#completion.done()
  }
}
