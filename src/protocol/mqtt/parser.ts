/**
 * Bytes in, packets out, in place: a packet that lies whole in one chunk is handed over where it is, and only one that was
 * split is put together in a buffer of the parser's own. Per packet nothing is allocated.
 *
 *   chunk ──whole──▶ readPacket ──▶ onPacket
 *     └──split──▶ carry (grows as bytes arrive, never beyond the limit) ──▶ readPacket ──▶ onPacket
 */
import { Carry } from '../carry.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { MqttLimits } from './limits.ts'
import { MqttProtocolError } from './mqtt-error.ts'
import { fixedFlags, PACKET_TYPE } from './packet-type.ts'
import type { PacketType, ProtocolLevel } from './packet-type.ts'
import { MqttPacket } from './packet.ts'
import { readBody } from './read-body.ts'
import { endOfVariableInteger, MALFORMED, readVariableInteger } from './variable-integer.ts'

export interface MqttPacketHandler {
  /** One packet, valid only during the call. Whatever it throws comes out of `feed`. */
  onPacket(packet: MqttPacket): void
}

export class MqttParser {
  /** What the two sides have agreed on: decides whether packets have properties. */
  level: ProtocolLevel
  /** May change between packets: a server takes more from a client that it knows. */
  limits: MqttLimits
  readonly #handler: MqttPacketHandler
  readonly #packet = new MqttPacket()
  readonly #carry = new Carry()
  /** Bytes of all chunks before the present one. */
  #streamBytes = 0
  /** Offset in the stream of what is at index 0 of the buffer being read. */
  #originBytes = 0
  #stopped = false

  constructor(handler: MqttPacketHandler, level: ProtocolLevel, limits: MqttLimits = DEFAULT_LIMITS) {
    this.#handler = handler
    this.level = level
    this.limits = limits
  }

  /** Hands over no further packet and ignores all further bytes. */
  stop(): void {
    this.#stopped = true
  }

  /** Whether the bytes so far end in the middle of a packet. */
  get inPacket(): boolean {
    return this.#carry.length > 0
  }

  /**
   * The next bytes of the stream, from `start` to `end` of `chunk`; they may be overwritten after the call.
   * @throws MqttProtocolError after which the parser must not be fed again.
   */
  feed(chunk: Uint8Array, start = 0, end = chunk.length): void {
    let position = start
    if (this.#carry.length > 0) position = this.#feedCarry(chunk, start, end)
    if (this.#carry.length === 0 && !this.#stopped) {
      this.#originBytes = this.#streamBytes - start
      position = this.#readPackets(chunk, position, end)
      if (position < end) this.#carry.append(chunk, position, end, this.#packetBytes(chunk, position, end))
    }
    this.#streamBytes += end - start
  }

  /** Reads whole packets; returns where the first incomplete one begins, `end` once stopped. */
  #readPackets(buffer: Uint8Array, start: number, end: number): number {
    let position = start
    while (position < end) {
      if (this.#stopped) return end
      const packetEnd = this.#readHeader(buffer, position, end)
      if (packetEnd < 0 || packetEnd > end) return position
      this.#hand(buffer)
      position = packetEnd
    }
    return position
  }

  /** Of the split packet that begins at `position`; Infinity while its length itself is split. */
  #packetBytes(chunk: Uint8Array, position: number, end: number): number {
    const packetEnd = this.#readHeader(chunk, position, end)
    return packetEnd < 0 ? Infinity : packetEnd - position
  }

  /** Completes the split packet; returns where in the chunk reading goes on. */
  #feedCarry(chunk: Uint8Array, start: number, end: number): number {
    const carry = this.#carry
    let position = start
    this.#originBytes = this.#streamBytes - carry.length
    while (!this.#stopped) {
      const packetBytes = this.#readHeader(carry.bytes, 0, carry.length)
      if (packetBytes === carry.length) {
        this.#hand(carry.bytes)
        carry.clear()
        return position
      }
      if (position === end) return end
      // As long as the length itself is split, one byte at a time.
      const stepEnd = packetBytes < 0 ? position + 1 : Math.min(end, position + packetBytes - carry.length)
      carry.append(chunk, position, stepEnd, packetBytes < 0 ? Infinity : packetBytes)
      position = stepEnd
    }
    return end
  }

  /** Reads first byte and length of the packet at `start`; returns its end, or -1 where the length is not complete. */
  #readHeader(buffer: Uint8Array, start: number, end: number): number {
    const first = buffer[start] as number
    const packet = this.#packet
    const type = first >> 4
    const flags = first & 0x0f
    if (type === PACKET_TYPE.publish) {
      if ((flags & 0x06) === 0x06) throw this.#error(start, 'a PUBLISH at QoS 0, 1 or 2')
    } else if (type === 0 || flags !== fixedFlags(type) || (type === PACKET_TYPE.auth && this.level === 4)) {
      throw this.#error(start, 'the first byte of an MQTT packet')
    }
    const length = readVariableInteger(buffer, start + 1, end)
    if (length < 0) {
      if (length === MALFORMED) throw this.#error(start + 1, 'a length of at most four bytes')
      return -1
    }
    const bodyStart = endOfVariableInteger(buffer, start + 1)
    const packetEnd = bodyStart + length
    if (packetEnd - start > this.limits.packetBytesMax) {
      throw this.#error(start + 1, `a packet of at most ${this.limits.packetBytesMax} bytes`)
    }
    packet.type = type as PacketType
    packet.flags = flags
    packet.start = bodyStart
    packet.end = packetEnd
    return packetEnd
  }

  #hand(buffer: Uint8Array): void {
    const packet = this.#packet
    packet.buffer = buffer
    const broken = readBody(packet, this.level)
    if (broken !== null) throw this.#error(packet.start + broken.at, broken.expected)
    this.#handler.onPacket(packet)
  }

  #error(index: number, expected: string): MqttProtocolError {
    return new MqttProtocolError(this.#originBytes + index, expected)
  }
}
