/** Local transactions: a number that counts on its connection, named by messages, acknowledgements and their end. */
import { ByteWriter } from './byte-writer.ts'
import { writeTransactionId } from './message-layout.ts'
import { writeConnectionId } from './nested.ts'
import { COMMAND } from './type-codes.ts'

/** Kinds of TransactionInfo; commit in one phase, as there is nobody else to agree. */
export const TRANSACTION = { begin: 0, commit: 2, rollback: 4 } as const

/** Asks for an answer where `kind` ends the transaction: it comes when the transaction has ended. */
export function transactionInfo(
  commandId: number,
  connectionId: string,
  number: number,
  kind: keyof typeof TRANSACTION,
): Uint8Array {
  const writer = new ByteWriter()
    .u8(COMMAND.transactionInfo)
    .i32(commandId)
    .bool(kind !== 'begin')
  writeTransactionId(writeConnectionId(writer, connectionId), connectionId, number)
  return writer.u8(TRANSACTION[kind]).takeFrame()
}
