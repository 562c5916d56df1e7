import { ByteWriter, writeI32, writeI64 } from './byte-writer.ts'
import { writeTransactionId } from './message-layout.ts'
import { writeConsumerId, writeDestination } from './nested.ts'
import type { EndpointId, OpenWireDestination } from './nested.ts'
import { ACK_TYPE, COMMAND } from './type-codes.ts'

const COMMAND_ID_AT = 5
/** Message count and the absent cause of a poison acknowledgement. */
const TRAILER_BYTES = 5

/** MessageAcks of one consumer, encoded once. They ask for no answer: the broker tells only of those that failed. */
export class AckTemplate {
  readonly #head: Uint8Array
  readonly #transactionAt: number

  /** @param transactedBy connection whose local transactions they belong to; null: none. */
  constructor(
    consumer: EndpointId,
    destination: OpenWireDestination,
    type: keyof typeof ACK_TYPE,
    transactedBy: string | null = null,
  ) {
    const writer = new ByteWriter().i32(0).u8(COMMAND.messageAck).i32(0).bool(false)
    this.#transactionAt = writeTransactionId(writeDestination(writer, destination), transactedBy)
    this.#head = writeConsumerId(writer, consumer).u8(ACK_TYPE[type]).take()
  }

  /** The transaction that all further acknowledgements belong to; only where there are transactions. */
  setTransaction(number: number): void {
    writeI64(this.#head, this.#transactionAt, number)
  }

  /** Bytes that `write` needs at most for ids of so many bytes each. */
  frameBytesMax(idBytes: number): number {
    return this.#head.length + 2 * idBytes + TRAILER_BYTES
  }

  /**
   * Writes one frame at `at`, where `frameBytesMax` bytes are free; returns the offset behind it. The ids are nested
   * MessageIds as they stood in the dispatch, with their presence flags, in `ids`.
   * @param firstLength 0: no first id, which is enough where `messages` is 1.
   * @param messages exactly as many as were dispatched from the first to the last.
   */
  write(
    target: Uint8Array,
    at: number,
    commandId: number,
    ids: Uint8Array,
    firstStart: number,
    firstLength: number,
    lastStart: number,
    lastLength: number,
    messages: number,
  ): number {
    const head = this.#head
    target.set(head, at)
    let position = at + head.length
    if (firstLength === 0) target[position++] = 0
    else position = copy(target, position, ids, firstStart, firstLength)
    position = copy(target, position, ids, lastStart, lastLength)
    writeI32(target, position, messages)
    target[position + 4] = 0
    const end = position + TRAILER_BYTES
    writeI32(target, at, end - at - 4)
    writeI32(target, at + COMMAND_ID_AT, commandId)
    return end
  }
}

/** A loop beats the engine's own copy here, which would need a view per id. */
function copy(target: Uint8Array, at: number, source: Uint8Array, start: number, length: number): number {
  for (let index = 0; index < length; index++) target[at + index] = source[start + index] as number
  return at + length
}
