import { ByteStore } from './byte-store.ts'
import { DESCRIPTOR } from './descriptor.ts'
import { AmqpReader } from './reader.ts'

const EMPTY = new Uint8Array(0)

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
  #dataSections = 0
  #joined: ByteStore | null = null

  /** A view of the body, no copy. Anything but bytes or text has an empty one. */
  body(): Uint8Array {
    return new Uint8Array(this.buffer.buffer, this.buffer.byteOffset + this.bodyStart, this.bodyEnd - this.bodyStart)
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
    while (reader.position < end) this.#readSection(reader)
  }

  #readSection(reader: AmqpReader): void {
    switch (reader.readDescriptor()) {
      case DESCRIPTOR.header:
        this.#readHeader(reader)
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
