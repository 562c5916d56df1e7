import type { FrameReader } from './frame-reader.ts'
import { MessageFields } from './message-fields.ts'

/** One MessageDispatch. `messageType` is 0 where it has no message (end of a browse, nothing pulled). */
export class Dispatch extends MessageFields {
  /** How often the broker has delivered it before. */
  redeliveries = 0

  /** @throws OpenWireProtocolError */
  read(fields: FrameReader): void {
    fields.skipBase()
    // Consumer and destination.
    fields.skipNested()
    fields.skipNested()
    this.messageType = 0
    if (!fields.bool()) return
    this.readMessage(fields, fields.u8())
    // Whatever a later version of the message has between: this is the last field of the dispatch.
    if (fields.end - fields.position < 4) throw fields.error('a redelivery counter at the end of this frame')
    fields.position = fields.end - 4
    this.redeliveries = fields.i32()
  }
}
