/** What is said to the coordinator of transactions, and of transactional messages (specification, part 4). */
import { DESCRIPTOR } from './descriptor.ts'
import {
  encodeBinary,
  encodeBoolean,
  encodeComposite,
  encodeDescribed,
  encodeSymbols,
  encodeUint,
  joined,
} from './encode-value.ts'
import type { Encoded } from './encode-value.ts'
import { writeUint32 } from './write-fixed.ts'

/** The target of a link to the coordinator. */
export const COORDINATOR: Encoded = encodeComposite(DESCRIPTOR.coordinator, [
  encodeSymbols(['amqp:local-transactions', 'amqp:multi-txns-per-ssn']),
])

/** Asks for a transaction: a message to the coordinator. */
export const DECLARE: Uint8Array = encodeDescribed(DESCRIPTOR.amqpValue, encodeComposite(DESCRIPTOR.declare, []))

/** Ends a transaction: a message to the coordinator. @param isFailed rolled back instead of committed. */
export function encodeDischarge(transactionId: Uint8Array, isFailed: boolean): Uint8Array {
  const fields = [encodeBinary(transactionId), encodeBoolean(isFailed)]
  return encodeDescribed(DESCRIPTOR.amqpValue, encodeComposite(DESCRIPTOR.discharge, fields))
}

/** The state of a delivery within a transaction. @param outcome descriptor of one without fields; null: none yet. */
export function encodeTransactionalState(transactionId: Uint8Array, outcome: number | null): Encoded {
  const fields = [encodeBinary(transactionId), outcome === null ? null : encodeComposite(outcome, [])]
  return encodeComposite(DESCRIPTOR.transactionalState, fields)
}

/** The body of a transfer frame that carries a small message, unsettled; its id is also its tag. */
export function encodeTransfer(handle: number, deliveryId: number, message: Uint8Array): Uint8Array {
  const tag = new Uint8Array(4)
  writeUint32(tag, 0, deliveryId)
  const ids = [encodeUint(handle), encodeUint(deliveryId), encodeBinary(tag), encodeUint(0)]
  const transfer = encodeComposite(DESCRIPTOR.transfer, [...ids, encodeBoolean(false), encodeBoolean(false)])
  return joined([transfer, message])
}

/** The body of a disposition frame by which a receiver settles `first..last` within a transaction. */
export function encodeTransactionalDisposition(first: number, last: number, state: Encoded): Uint8Array {
  const range = [encodeBoolean(true), encodeUint(first), encodeUint(last)]
  return encodeComposite(DESCRIPTOR.disposition, [...range, encodeBoolean(true), state])
}
