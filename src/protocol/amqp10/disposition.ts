import { DESCRIPTOR } from './descriptor.ts'
import { ABSENT } from './reader.ts'
import type { AmqpReader } from './reader.ts'
import { writeFrameHeader, writeUint } from './write-fixed.ts'

/** No delivery state was given. */
export const NO_STATE = -1

/** The fields of a disposition performative (2.7.6); read again into the same object. */
export class Disposition {
  /** The answer of a receiver to what we sent; false: of a sender. */
  isFromReceiver = false
  /** First and last delivery-id, inclusive. */
  first = 0
  last = 0
  isSettled = false
  /** Descriptor of the delivery state, or `NO_STATE`; within a transaction that of the provisional outcome. */
  state = NO_STATE
  /** The outcome holds only if the transaction is committed. */
  isTransactional = false
  /** Of a transaction that was declared, a copy; null for any other state. */
  transactionId: Uint8Array | null = null
  /** Condition of a rejection; null where there is none. */
  condition: string | null = null

  /** Reads the list behind the descriptor. @throws Amqp10ProtocolError */
  read(reader: AmqpReader): void {
    const outerEnd = reader.end
    const count = reader.enterList()
    if (count < 2) throw reader.error('a disposition with role and first')
    this.isFromReceiver = reader.readBoolean(false)
    this.first = reader.readUint()
    if (this.first === ABSENT) throw reader.error('the first delivery-id of a disposition')
    const last = count > 2 ? reader.readUint() : ABSENT
    this.last = last === ABSENT ? this.first : last
    this.isSettled = count > 3 ? reader.readBoolean(false) : false
    this.state = NO_STATE
    this.isTransactional = false
    this.transactionId = null
    this.condition = null
    if (count > 4) this.#readState(reader)
    reader.leave(outerEnd)
  }

  #readState(reader: AmqpReader): void {
    if (reader.buffer[reader.position] === 0x40) return
    this.state = reader.readDescriptor()
    switch (this.state) {
      case DESCRIPTOR.rejected:
        this.#readRejected(reader)
        return
      case DESCRIPTOR.transactionalState:
        this.#readTransactional(reader)
        return
      case DESCRIPTOR.declared:
        this.#readDeclared(reader)
        return
      default:
        reader.skip()
    }
  }

  #readRejected(reader: AmqpReader): void {
    const outerEnd = reader.end
    if (reader.enterList() > 0) this.condition = readCondition(reader)
    reader.leave(outerEnd)
  }

  /** Transaction, outcome. */
  #readTransactional(reader: AmqpReader): void {
    if (this.isTransactional) throw reader.error('an outcome that is no transaction')
    const outerEnd = reader.end
    this.isTransactional = true
    this.state = NO_STATE
    const count = reader.enterList()
    if (count > 0) reader.skip()
    if (count > 1) this.#readState(reader)
    reader.leave(outerEnd)
  }

  #readDeclared(reader: AmqpReader): void {
    const outerEnd = reader.end
    if (reader.enterList() < 1 || !reader.readBytes()) throw reader.error('the id of a transaction')
    this.transactionId = new Uint8Array(reader.buffer.subarray(reader.valueStart, reader.valueEnd))
    reader.leave(outerEnd)
  }
}

/** The condition of an error (2.8.14). */
function readCondition(reader: AmqpReader): string | null {
  if (reader.readByte() === 0x40) return null
  reader.position--
  if (reader.readDescriptor() !== DESCRIPTOR.error) {
    reader.skip()
    return null
  }
  const outerEnd = reader.end
  const hasCondition = reader.enterList() > 0 && reader.readBytes()
  const condition = hasCondition ? reader.textOfValue() : null
  reader.leave(outerEnd)
  return condition
}

/** Length of what `writeDisposition` writes. */
export const DISPOSITION_BYTES = 30

const BODY = [0x00, 0x53, DESCRIPTOR.disposition, 0xc0, 17, 5]

/**
 * Writes a frame that settles the deliveries `first..last` with an outcome that has no fields.
 * @param outcome descriptor of accepted or released.
 */
export function writeDisposition(
  target: Uint8Array,
  at: number,
  isFromReceiver: boolean,
  first: number,
  last: number,
  outcome: number,
  channel = 0,
): number {
  let position = writeFrameHeader(target, at, DISPOSITION_BYTES, channel)
  for (let index = 0; index < BODY.length; index++) target[position++] = BODY[index] as number
  target[position++] = isFromReceiver ? 0x41 : 0x42
  position = writeUint(target, position, first)
  position = writeUint(target, position, last)
  target[position++] = 0x41
  target[position++] = 0x00
  target[position++] = 0x53
  target[position++] = outcome
  target[position++] = 0x45
  return position
}
