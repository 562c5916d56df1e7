import { ByteStore } from './byte-store.ts'
import { DESCRIPTOR } from './descriptor.ts'
import { ABSENT, AmqpReader } from './reader.ts'
import { readValue } from './value.ts'
import type { AmqpValue } from './value.ts'

const EMPTY = new Uint8Array(0)

/** What a message says beside its body. */
export interface CarriedProperties {
  readonly ttlMs: number | null
  readonly priority: number | null
  /** Application properties; what is no string as its text. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * The sections of a message (3.2) where they lie; read again into the same object. Annotations, properties and footer are
 * passed over.
 */
export class Message {
  /** Times that a delivery of it was tried before, 0 where the header does not say. */
  deliveryCount = 0
  /** Whether it is told that nobody else had it before; null where it is not told. */
  isFirstAcquired: boolean | null = null
  /** Where the body's bytes are: one data section, or a value section that is binary or text. Else empty. */
  buffer: Uint8Array = EMPTY
  bodyStart = 0
  bodyEnd = 0
  readonly #reader = new AmqpReader()
  /** Where the values of header and application properties begin; -1 where there is none. */
  #headerAt = -1
  #applicationPropertiesAt = -1
  #dataSections = 0
  #joined: ByteStore | null = null

  /** A view of the body, no copy. Anything but bytes or text has an empty one. */
  body(): Uint8Array {
    return new Uint8Array(this.buffer.buffer, this.buffer.byteOffset + this.bodyStart, this.bodyEnd - this.bodyStart)
  }

  /** Read only now, because nobody measures with it. Valid in the call that `read` is valid in. @throws Amqp10ProtocolError */
  properties(): CarriedProperties {
    return { ...this.#ttlAndPriority(), headers: this.#headers() }
  }

  /** @param originBytes offset in the stream of what is at index 0 of `buffer`. @throws Amqp10ProtocolError */
  read(buffer: Uint8Array, start: number, end: number, originBytes: number): void {
    const reader = this.#reader
    reader.load(buffer, start, end, originBytes)
    this.deliveryCount = 0
    this.isFirstAcquired = null
    this.buffer = buffer
    this.bodyStart = start
    this.bodyEnd = start
    this.#dataSections = 0
    this.#headerAt = -1
    this.#applicationPropertiesAt = -1
    while (reader.position < end) this.#readSection(reader)
  }

  #readSection(reader: AmqpReader): void {
    switch (reader.readDescriptor()) {
      case DESCRIPTOR.header:
        this.#headerAt = reader.position
        this.#readHeader(reader)
        return
      case DESCRIPTOR.applicationProperties:
        this.#applicationPropertiesAt = reader.position
        reader.skip()
        return
      case DESCRIPTOR.data:
        if (!reader.readBytes()) throw reader.error('a binary in a data section')
        this.#addData(reader)
        return
      case DESCRIPTOR.amqpValue:
        if (!reader.readBytes()) return
        this.bodyStart = reader.valueStart
        this.bodyEnd = reader.valueEnd
        return
      default:
        reader.skip()
    }
  }

  /** Durable, priority, ttl, first-acquirer, delivery-count. */
  #readHeader(reader: AmqpReader): void {
    const outerEnd = reader.end
    const count = reader.enterList()
    for (let index = 0; index < 3 && index < count; index++) reader.skip()
    if (count > 3) {
      if (reader.buffer[reader.position] === 0x40) reader.skip()
      else this.isFirstAcquired = reader.readBoolean(false)
    }
    if (count > 4) this.deliveryCount = Math.max(0, reader.readUint())
    reader.leave(outerEnd)
  }

  #ttlAndPriority(): { ttlMs: number | null; priority: number | null } {
    const none = { ttlMs: null, priority: null }
    if (this.#headerAt < 0) return none
    const reader = this.#readerAt(this.#headerAt)
    const count = reader.enterList()
    if (count < 2) return none
    reader.skip()
    const priority = readValue(reader)
    const ttlMs = count > 2 ? reader.readUint() : ABSENT
    return { ttlMs: ttlMs === ABSENT ? null : ttlMs, priority: typeof priority === 'number' ? priority : null }
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = {}
    if (this.#applicationPropertiesAt < 0) return headers
    const entries = readValue(this.#readerAt(this.#applicationPropertiesAt))
    if (!(entries instanceof Map)) return headers
    for (const [name, value] of entries as ReadonlyMap<AmqpValue, AmqpValue>) {
      if (typeof name === 'string') headers[name] = typeof value === 'string' ? value : JSON.stringify(value, asText)
    }
    return headers
  }

  #readerAt(position: number): AmqpReader {
    const { buffer, end, originBytes } = this.#reader
    const reader = new AmqpReader()
    reader.load(buffer, position, end, originBytes)
    return reader
  }

  /** Several data sections are one body: rare, so they may be copied together. */
  #addData(reader: AmqpReader): void {
    this.#dataSections++
    if (this.#dataSections === 1) {
      this.bodyStart = reader.valueStart
      this.bodyEnd = reader.valueEnd
      return
    }
    this.#joined ??= new ByteStore()
    const store = this.#joined
    if (this.#dataSections === 2) {
      store.clear()
      store.append(reader.buffer, this.bodyStart, this.bodyEnd)
    }
    store.append(reader.buffer, reader.valueStart, reader.valueEnd)
    this.buffer = store.bytes
    this.bodyStart = 0
    this.bodyEnd = store.length
  }
}

/** Numbers beyond 2^53 are none of JSON. */
function asText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
