import type { FrameReader } from './frame-reader.ts'
import { readI64 } from './frame-reader.ts'
import { ACK_TYPE } from './type-codes.ts'

/** One MessageAck, read in place. One object serves all. */
export class Acknowledgement {
  isTransacted = false
  /** Type of the acknowledgement, see ACK_TYPE. */
  type = 0
  /** The last message's number at the broker: the last eight bytes of its id. */
  lastNumber = 0
  /** Messages that it covers. */
  messages = 0

  /** Reads what stands behind the base. @throws OpenWireProtocolError */
  read(fields: FrameReader): void {
    // Destination, transaction, consumer.
    fields.skipNested()
    this.isTransacted = fields.skipNested()
    fields.skipNested()
    this.type = fields.u8()
    fields.skipNested()
    const lastAt = fields.position
    if (!fields.skipNested() || fields.position - lastAt < 8) throw fields.error('the id of the last message', lastAt)
    this.lastNumber = readI64(fields.buffer, fields.position - 8)
    this.messages = fields.i32()
  }

  /** The message is done with: consumed, expired or moved to the dead letters; not only delivered. */
  get isFinal(): boolean {
    return this.type !== ACK_TYPE.delivered && this.type !== ACK_TYPE.redelivered
  }
}
