/** Frames that carry nothing but an id, written in place. */
import { copyBytes } from './copy-bytes.ts'
import { escapeHeader } from './escape.ts'

const encoder = new TextEncoder()
const ACK = encoder.encode('ACK\nid:')
const END = encoder.encode('\n\n\0')

/** What follows the id of an ACK outside of transactions. */
export const ACK_END = END

/** What follows the id of an ACK that belongs to a transaction. */
export function ackEndIn(transaction: string): Uint8Array {
  return encoder.encode(`\ntransaction:${escapeHeader(transaction)}\n\n\0`)
}

/** Room for an ACK whose id has so many bytes. */
export function ackBytes(idBytes: number, ackEnd: Uint8Array = ACK_END): number {
  return ACK.length + idBytes + ackEnd.length
}

/** Writes an ACK; the id, from `start` to `end` of `source`, is still escaped as MESSAGE's `ack` header had it. */
export function writeAck(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  start: number,
  end: number,
  ackEnd: Uint8Array = ACK_END,
): number {
  return copyBytes(target, copyBytes(target, copyBytes(target, at, ACK), source, start, end), ackEnd)
}

const RECEIPT = encoder.encode('RECEIPT\nreceipt-id:')

/** Room for a RECEIPT whose id has so many bytes. */
export function receiptBytes(idBytes: number): number {
  return RECEIPT.length + idBytes + END.length
}

/** Writes a RECEIPT; the id, from `start` to `end` of `source`, is still escaped as the `receipt` header had it. */
export function writeReceipt(target: Uint8Array, at: number, source: Uint8Array, start: number, end: number): number {
  return copyBytes(target, copyBytes(target, copyBytes(target, at, RECEIPT), source, start, end), END)
}
