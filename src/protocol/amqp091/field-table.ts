/** A value in a table. Integers beyond 2^53 lose their last bits; `null` is the void type. */
export type FieldValue = string | number | boolean | null | Uint8Array | readonly FieldValue[] | FieldTable

/** Field tables of AMQP 0-9-1 by name; maps and not objects, because the names are the peer's. */
export type FieldTable = ReadonlyMap<string, FieldValue>
