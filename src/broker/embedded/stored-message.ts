/** A message in the broker: in a queue, or delivered and not yet acknowledged. */
export interface StoredMessage {
  readonly body: Uint8Array
  /** It was delivered before on a connection that was lost, or given back. */
  redelivered: boolean
}

/** Counted per message on top of its body: the record and the view. */
const OVERHEAD_BYTES = 128

/** Bytes that a message counts for in the broker's memory limit. */
export function storedBytes(message: StoredMessage): number {
  return message.body.length + OVERHEAD_BYTES
}
