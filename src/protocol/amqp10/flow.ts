import { DESCRIPTOR } from './descriptor.ts'
import { encodeComposite, encodeUint } from './encode-value.ts'
import { ABSENT } from './reader.ts'
import type { AmqpReader } from './reader.ts'
import { INCOMING_WINDOW, OUTGOING_WINDOW } from './session-windows.ts'
import type { SessionWindows } from './session-windows.ts'
import { writeFrameHeader, writeUint } from './write-fixed.ts'

/** The fields of a flow performative (2.7.4); read again into the same object. */
export class Flow {
  nextIncomingId = ABSENT
  incomingWindow = 0
  nextOutgoingId = 0
  outgoingWindow = 0
  /** `ABSENT`: the flow is of the session only. */
  handle = ABSENT
  deliveryCount = ABSENT
  linkCredit = ABSENT
  /** Messages that a sender has waiting; `ABSENT`: it does not say. */
  available = ABSENT
  isDrain = false
  /** The peer wants to know our state. */
  isEcho = false

  /** Reads the list behind the descriptor. @throws Amqp10ProtocolError */
  read(reader: AmqpReader): void {
    const outerEnd = reader.end
    const count = reader.enterList()
    if (count < 4) throw reader.error('a flow with both windows')
    this.nextIncomingId = reader.readUint()
    this.incomingWindow = reader.readUint()
    this.nextOutgoingId = reader.readUint()
    this.outgoingWindow = reader.readUint()
    this.handle = count > 4 ? reader.readUint() : ABSENT
    this.deliveryCount = count > 5 ? reader.readUint() : ABSENT
    this.linkCredit = count > 6 ? reader.readUint() : ABSENT
    this.available = count > 7 ? reader.readUint() : ABSENT
    this.isDrain = count > 8 ? reader.readBoolean(false) : false
    this.isEcho = count > 9 ? reader.readBoolean(false) : false
    reader.leave(outerEnd)
  }
}

/** Length of what `writeFlow` writes. */
export const FLOW_BYTES = 8 + 6 + 4 * 5 + 2 + 2 * 5 + 2

const LIST_BYTES = 1 + 4 * 5 + 2 + 2 * 5 + 2

/** Writes the flow of a link. @param handle at most 255. */
export function writeFlow(
  target: Uint8Array,
  at: number,
  windows: SessionWindows,
  deliveryCount: number,
  linkCredit: number,
  isDrain: boolean,
  handle = 0,
  channel = 0,
): number {
  let position = writeFrameHeader(target, at, FLOW_BYTES, channel)
  target[position++] = 0x00
  target[position++] = 0x53
  target[position++] = DESCRIPTOR.flow
  target[position++] = 0xc0
  target[position++] = LIST_BYTES
  target[position++] = 9
  position = writeUint(target, position, windows.nextIncomingId)
  position = writeUint(target, position, INCOMING_WINDOW)
  position = writeUint(target, position, windows.nextOutgoingId)
  position = writeUint(target, position, OUTGOING_WINDOW)
  target[position++] = 0x52
  target[position++] = handle
  position = writeUint(target, position, deliveryCount)
  position = writeUint(target, position, linkCredit)
  // Available: only a sender knows.
  target[position++] = 0x40
  target[position++] = isDrain ? 0x41 : 0x42
  return position
}

/** The flow of a session alone, as the body of a frame. */
export function encodeSessionFlow(windows: SessionWindows): Uint8Array {
  const fields = [windows.nextIncomingId, INCOMING_WINDOW, windows.nextOutgoingId, OUTGOING_WINDOW]
  return encodeComposite(DESCRIPTOR.flow, fields.map(encodeUint))
}
