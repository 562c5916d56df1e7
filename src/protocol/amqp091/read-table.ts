import type { FieldReader } from './field-reader.ts'
import type { FieldTable, FieldValue } from './field-table.ts'
import { TABLE_DEPTH_MAX, TABLE_FIELDS_MAX } from './limits.ts'

const TWO_TO_32 = 0x1_0000_0000

/** What is left of the bounds of one table. */
interface Allowance {
  fields: number
}

/**
 * Reads a table: the types that RabbitMQ documents, which are those of the specification as everybody implements them.
 * Bounded in bytes by its frame, in depth and in number of fields by the limits.
 * @throws Amqp091ProtocolError
 */
export function readTable(reader: FieldReader): FieldTable {
  return tableOf(reader, 0, { fields: TABLE_FIELDS_MAX })
}

function tableOf(reader: FieldReader, depth: number, allowance: Allowance): FieldTable {
  const table = new Map<string, FieldValue>()
  within(reader, depth, allowance, 'table', () => {
    const name = reader.shortString()
    table.set(name, valueOf(reader, depth, allowance))
  })
  return table
}

function arrayOf(reader: FieldReader, depth: number, allowance: Allowance): FieldValue[] {
  const values: FieldValue[] = []
  within(reader, depth, allowance, 'array', () => values.push(valueOf(reader, depth, allowance)))
  return values
}

/** Calls `readOne` until the bytes that the length says are read, and to the byte. */
function within(reader: FieldReader, depth: number, allowance: Allowance, what: string, readOne: () => void): void {
  if (depth > TABLE_DEPTH_MAX) throw reader.error(`tables of at most ${TABLE_DEPTH_MAX} levels`)
  const length = reader.long()
  const enclosingEnd = reader.end
  const start = reader.take(length, `a ${what} of ${length} bytes`)
  reader.position = start
  reader.end = start + length
  while (reader.position < reader.end) {
    if (allowance.fields-- === 0) throw reader.error(`at most ${TABLE_FIELDS_MAX} fields in a table`)
    readOne()
  }
  reader.end = enclosingEnd
}

function valueOf(reader: FieldReader, depth: number, allowance: Allowance): FieldValue {
  const typeAt = reader.position
  const type = String.fromCharCode(reader.octet())
  switch (type) {
    case 'S':
      return reader.longString()
    case 'F':
      return tableOf(reader, depth + 1, allowance)
    case 'A':
      return arrayOf(reader, depth + 1, allowance)
    case 'V':
      return null
    case 't':
      return reader.octet() !== 0
    case 'x': {
      const length = reader.long()
      const at = reader.take(length, `a byte array of ${length} bytes`)
      return reader.buffer.slice(at, at + length)
    }
    default:
      return numberOf(reader, type, typeAt)
  }
}

function numberOf(reader: FieldReader, type: string, typeAt: number): number {
  switch (type) {
    case 'b':
      return (reader.octet() << 24) >> 24
    case 'B':
      return reader.octet()
    case 's':
      return (reader.short() << 16) >> 16
    case 'u':
      return reader.short()
    case 'I':
      return reader.long() | 0
    case 'i':
      return reader.long()
    case 'l':
      return (reader.long() | 0) * TWO_TO_32 + reader.long()
    case 'L':
    case 'T':
      return reader.long() * TWO_TO_32 + reader.long()
    case 'D': {
      const scale = reader.octet()
      return (reader.long() | 0) / 10 ** scale
    }
    case 'f':
      return floating(reader, 4).getFloat32(0)
    case 'd':
      return floating(reader, 8).getFloat64(0)
    default:
      throw reader.error('a field type', typeAt)
  }
}

function floating(reader: FieldReader, bytes: number): DataView {
  const at = reader.take(bytes, `a floating-point number of ${bytes} bytes`)
  return new DataView(reader.buffer.buffer, reader.buffer.byteOffset + at, bytes)
}
