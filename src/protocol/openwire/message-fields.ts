import type { FrameReader } from './frame-reader.ts'
import { readI64 } from './frame-reader.ts'
import { MESSAGE_ID_BYTES_MAX } from './limits.ts'
import { MESSAGE } from './type-codes.ts'

/** One message, read in place: offsets into the frame's buffer, valid as long as that is. One object serves all. */
export class MessageFields {
  buffer: Uint8Array = new Uint8Array(0)
  /** Type code of the message; 0 where there is none. */
  messageType = 0
  /** Producer and destination, nested one behind the other. */
  routeStart = 0
  destinationStart = 0
  routeEnd = 0
  /** Whether it belongs to a transaction. */
  isTransacted = false
  /** The nested MessageId with its presence flag, as it may be copied into an acknowledgement. */
  idStart = 0
  idEnd = 0
  priority = 0
  bodyStart = 0
  bodyEnd = 0
  /** The marshalled properties; empty where there are none. */
  propertiesStart = 0
  propertiesEnd = 0
  compressed = false
  #expirationAt = 0
  #timestampAt = 0

  /** The body where it lies. */
  body(): Uint8Array {
    return this.buffer.subarray(this.bodyStart, this.bodyEnd)
  }

  /** When the message dies, in milliseconds since the epoch; 0: never. */
  get expirationMs(): number {
    return readI64(this.buffer, this.#expirationAt)
  }

  /** When it was published by its producer's clock, in milliseconds since the epoch; 0: not said. */
  get timestampMs(): number {
    return readI64(this.buffer, this.#timestampAt)
  }

  /** Reads what stands behind the type code of the message. @throws OpenWireProtocolError */
  readMessage(fields: FrameReader, messageType: number): void {
    if (messageType < MESSAGE.plain || messageType > MESSAGE.blob) {
      throw fields.error('a message (type 23 to 29)', fields.position - 1)
    }
    this.buffer = fields.buffer
    this.messageType = messageType
    fields.skipBase()
    this.routeStart = fields.position
    fields.skipNested()
    this.destinationStart = fields.position
    fields.skipNested()
    this.routeEnd = fields.position
    this.isTransacted = fields.skipNested()
    // Original destination.
    fields.skipNested()
    this.#readId(fields)
    // Original transaction; group and its sequence; correlation id.
    fields.skipNested()
    fields.skipString()
    fields.skip(4)
    fields.skipString()
    // Persistent or not.
    fields.skip(1)
    this.#expirationAt = fields.position
    fields.skip(8)
    this.priority = fields.u8()
    // Reply-to.
    fields.skipNested()
    this.#timestampAt = fields.position
    fields.skip(8)
    // Type.
    fields.skipString()
    const bodyBytes = fields.skipByteArray()
    this.bodyEnd = fields.position
    this.bodyStart = this.bodyEnd - bodyBytes
    const propertiesBytes = fields.skipByteArray()
    this.propertiesEnd = fields.position
    this.propertiesStart = this.propertiesEnd - propertiesBytes
    // Data structure, target consumer.
    fields.skipNested()
    fields.skipNested()
    this.compressed = fields.bool()
  }

  #readId(fields: FrameReader): void {
    this.idStart = fields.position
    fields.skipNested()
    this.idEnd = fields.position
    const idBytes = this.idEnd - this.idStart
    if (idBytes === 1 || idBytes > MESSAGE_ID_BYTES_MAX) {
      throw fields.error(`a message id of at most ${MESSAGE_ID_BYTES_MAX} bytes`, this.idStart)
    }
  }
}
