import type { FrameReader } from './frame-reader.ts'
import { MESSAGE_ID_BYTES_MAX } from './limits.ts'
import { MESSAGE } from './type-codes.ts'

/** One MessageDispatch, read in place: offsets into the frame's buffer, valid as long as that is. One object serves all. */
export class Dispatch {
  buffer: Uint8Array = new Uint8Array(0)
  /** Type code of the message; 0 where the dispatch has none (end of a browse, nothing pulled). */
  messageType = 0
  /** The nested MessageId with its presence flag, as it may be copied into an acknowledgement. */
  idStart = 0
  idEnd = 0
  bodyStart = 0
  bodyEnd = 0
  compressed = false
  /** How often the broker has delivered it before. */
  redeliveries = 0

  /** @throws OpenWireProtocolError */
  read(fields: FrameReader): void {
    this.buffer = fields.buffer
    fields.skipBase()
    // Consumer and destination.
    fields.skipNested()
    fields.skipNested()
    this.messageType = 0
    if (!fields.bool()) return
    const type = fields.u8()
    if (type < MESSAGE.plain || type > MESSAGE.blob)
      throw fields.error('a message (type 23 to 29)', fields.position - 1)
    this.messageType = type
    this.#readMessage(fields)
    // Whatever a later version of the message has between: this is the last field of the dispatch.
    if (fields.end - fields.position < 4) throw fields.error('a redelivery counter at the end of this frame')
    fields.position = fields.end - 4
    this.redeliveries = fields.i32()
  }

  /** The body where it lies. */
  body(): Uint8Array {
    return this.buffer.subarray(this.bodyStart, this.bodyEnd)
  }

  #readMessage(fields: FrameReader): void {
    fields.skipBase()
    // Producer, destination, transaction, original destination.
    fields.skipNested()
    fields.skipNested()
    fields.skipNested()
    fields.skipNested()
    this.idStart = fields.position
    fields.skipNested()
    this.idEnd = fields.position
    const idBytes = this.idEnd - this.idStart
    if (idBytes === 1 || idBytes > MESSAGE_ID_BYTES_MAX) {
      throw fields.error(`a message id of at most ${MESSAGE_ID_BYTES_MAX} bytes`, this.idStart)
    }
    // Original transaction; group and its sequence; correlation id.
    fields.skipNested()
    fields.skipString()
    fields.skip(4)
    fields.skipString()
    // Persistent, expiration, priority; reply-to; timestamp; type.
    fields.skip(10)
    fields.skipNested()
    fields.skip(8)
    fields.skipString()
    this.#readContent(fields)
    // Properties, data structure, target consumer.
    fields.skipByteArray()
    fields.skipNested()
    fields.skipNested()
    this.compressed = fields.bool()
  }

  #readContent(fields: FrameReader): void {
    const length = fields.bool() ? fields.byteLength() : 0
    this.bodyStart = fields.position
    fields.skip(length)
    this.bodyEnd = fields.position
  }
}
