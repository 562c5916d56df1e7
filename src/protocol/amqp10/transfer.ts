import { ABSENT } from './reader.ts'
import type { AmqpReader } from './reader.ts'

/** The fields of a transfer performative (2.7.5) that a receiver needs; read again into the same object. */
export class Transfer {
  handle = 0
  /** `ABSENT` where the frame continues a delivery. */
  deliveryId = ABSENT
  isSettled = false
  /** The message goes on in the next transfer. */
  hasMore = false
  isAborted = false
  /** Where the frame's piece of the message begins; it ends with the frame. */
  payloadStart = 0

  /** Reads the list behind the descriptor. @throws Amqp10ProtocolError */
  read(reader: AmqpReader): void {
    const outerEnd = reader.end
    const count = reader.enterList()
    if (count < 1) throw reader.error('a transfer with a handle')
    this.handle = reader.readUint()
    this.deliveryId = count > 1 ? reader.readUint() : ABSENT
    if (count > 2) reader.skip()
    if (count > 3) reader.skip()
    this.isSettled = count > 4 ? reader.readBoolean(false) : false
    this.hasMore = count > 5 ? reader.readBoolean(false) : false
    // Receiver settle mode, state, resume.
    for (let index = 6; index < 9 && index < count; index++) reader.skip()
    this.isAborted = count > 9 ? reader.readBoolean(false) : false
    reader.leave(outerEnd)
    this.payloadStart = reader.position
  }
}
