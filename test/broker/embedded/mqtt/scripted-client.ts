import type { EmbeddedBroker } from '../../../../src/broker/embedded/embedded-broker.ts'
import { MqttSession } from '../../../../src/broker/embedded/mqtt/mqtt-session.ts'
import { encodeConnect } from '../../../../src/protocol/mqtt/encode-packet.ts'
import type { ConnectFields } from '../../../../src/protocol/mqtt/encode-packet.ts'
import type { ProtocolLevel, Qos } from '../../../../src/protocol/mqtt/packet-type.ts'
import { MqttParser } from '../../../../src/protocol/mqtt/parser.ts'
import { PublishTemplate } from '../../../../src/protocol/mqtt/publish-template.ts'
import type { Connection } from '../../../../src/transport/connection.ts'
import { bytesOf, joined, seenOf } from '../../../protocol/mqtt/seen-packets.ts'
import type { SeenPacket } from '../../../protocol/mqtt/seen-packets.ts'

/** A connection in memory, with the broker's session on its other side: what the broker writes is kept. */
export class ScriptedClient {
  readonly session: MqttSession
  isHungUp = false
  isReadingPaused = false
  /** The client's socket takes nothing. */
  isBlocked = false
  /** As the connection counts them. */
  bytesRead = 0
  readonly #level: ProtocolLevel
  #written: Uint8Array[] = []

  constructor(broker: EmbeddedBroker, level: ProtocolLevel = 5) {
    this.#level = level
    this.session = new MqttSession(broker, 'brokermark-embedded/1.2.3')
    this.session.begin(this.#connection())
  }

  /** After CONNECT, a clean one that keeps nothing where `over` does not say otherwise. */
  static connected(broker: EmbeddedBroker, clientId: string, over: Partial<ConnectFields> = {}): ScriptedClient {
    const client = new ScriptedClient(broker, over.level ?? 5)
    client.connect(clientId, over)
    client.sent()
    return client
  }

  connect(clientId: string, over: Partial<ConnectFields> = {}): void {
    const fields: ConnectFields = {
      ...{ level: this.#level, clientId, clean: true, keepAliveSeconds: 0, username: null, password: null },
      ...{ sessionExpirySeconds: 0, receiveMaximum: null, ...over },
    }
    this.send(encodeConnect(fields))
  }

  /** Hands over bytes as one chunk; text has one character for each byte. */
  send(...parts: readonly (Uint8Array | string)[]): void {
    const chunk = joined(parts.map((each) => (typeof each === 'string' ? bytesOf(each) : each)))
    this.session.onData(chunk, 0, chunk.length)
  }

  publish(topic: string, body: string, qos: Qos = 1, packetId = 1): void {
    const template = new PublishTemplate(this.#level, topic, qos)
    const bytes = new Uint8Array(template.packetBytes(body.length))
    template.write(bytes, 0, packetId, bytesOf(body))
    this.send(bytes)
  }

  /** The socket takes bytes again. */
  drain(): void {
    this.isBlocked = false
    this.session.onDrain()
  }

  /** The connection is gone without DISCONNECT. */
  lose(): void {
    this.session.onClose()
  }

  /** Every packet since the last call, as short lines: `PUBLISH 1 a body`, with `again` where it was sent before. */
  sent(): string[] {
    return this.packets().map(({ type, flags, packetId, topic, reasonCode, payload }) =>
      type === 'PUBLISH'
        ? `PUBLISH ${packetId ?? 0} ${topic ?? ''} ${payload}${(flags & 8) === 0 ? '' : ' again'}`
        : [type, packetId, reasonCode === 0 ? undefined : reasonCode].filter((part) => part !== undefined).join(' '),
    )
  }

  /** Every packet since the last call. */
  packets(): SeenPacket[] {
    const packets: SeenPacket[] = []
    const parser = new MqttParser({ onPacket: (packet) => packets.push(seenOf(packet)) }, this.#level)
    for (const bytes of this.#written.splice(0)) parser.feed(bytes)
    return packets
  }

  #connection(): Connection {
    const write = (bytes: Uint8Array): void => {
      this.#written.push(Uint8Array.from(bytes))
    }
    const output = new Uint8Array(1 << 20)
    const connection = {
      ...{ peer: 'client', readsAreShared: false, isBlocked: false, pendingBytes: 0 },
      ...{ messagePerWrite: false, isText: false, output, write },
      reserve: () => 0,
      commit: (end: number) => {
        write(output.subarray(0, end))
      },
      flush: () => undefined,
      pauseReading: () => (this.isReadingPaused = true),
      resumeReading: () => (this.isReadingPaused = false),
      counters: () => ({ writes: 0, bytesWritten: 0, bytesRead: this.bytesRead }),
      close: () => {
        this.isHungUp = true
        return Promise.resolve()
      },
      destroy: () => (this.isHungUp = true),
    }
    return Object.defineProperty(connection, 'isBlocked', { get: () => this.isBlocked })
  }
}
