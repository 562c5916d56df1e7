/** Java's primitive maps: names with values that carry their types. Message properties and WireFormatInfo are such. */
import { ByteWriter } from './byte-writer.ts'
import type { FrameReader } from './frame-reader.ts'
import { decodeModifiedUtf8, encodeModifiedUtf8 } from './modified-utf8.ts'

/** Type codes of the values. */
export const TAG = {
  null: 0,
  boolean: 1,
  byte: 2,
  char: 3,
  short: 4,
  int: 5,
  long: 6,
  double: 7,
  float: 8,
  string: 9,
  bytes: 10,
  map: 11,
  list: 12,
  bigString: 13,
} as const

/** Java writes texts of so many characters as big strings. */
const BIG_STRING_FROM = 8191
/** Maps and lists may lie in each other so deep. */
const DEPTH_MAX = 16

/** The properties of a message, all of them texts. */
export function marshalProperties(properties: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(properties)
  const writer = new ByteWriter().i32(entries.length)
  for (const [name, text] of entries) {
    writer.text(name)
    if (text.length < BIG_STRING_FROM) {
      writer.u8(TAG.string).text(text)
    } else {
      const bytes = encodeModifiedUtf8(text)
      writer.u8(TAG.bigString).i32(bytes.length).raw(bytes)
    }
  }
  return writer.take()
}

/**
 * The entries of a map up to the reader's end: numbers and texts as they are, booleans as 0 and 1; what is neither is left
 * out. @throws OpenWireProtocolError
 */
export function readPrimitiveMap(fields: FrameReader): Map<string, number | string> {
  const entries = new Map<string, number | string>()
  const count = fields.i32()
  for (let index = 0; index < count; index++) {
    const name = fields.text()
    const value = readValue(fields, 0)
    if (value !== null) entries.set(name, value)
  }
  return entries
}

/** Null for what is no number and no text. */
function readValue(fields: FrameReader, depth: number): number | string | null {
  const tag = fields.u8()
  switch (tag) {
    case TAG.null:
      return null
    case TAG.boolean:
      return fields.u8()
    case TAG.byte:
      return (fields.u8() << 24) >> 24
    case TAG.char:
      return fields.u16()
    case TAG.short:
      return (fields.u16() << 16) >> 16
    case TAG.int:
      return fields.i32()
    case TAG.long:
      return fields.i64()
    case TAG.double:
      fields.skip(8)
      return viewBefore(fields, 8).getFloat64(0)
    case TAG.float:
      fields.skip(4)
      return viewBefore(fields, 4).getFloat32(0)
    case TAG.string:
      return fields.text()
    case TAG.bigString:
      return readBigString(fields)
    case TAG.bytes:
      fields.skip(fields.byteLength())
      return null
    case TAG.map:
    case TAG.list:
      skipCollection(fields, tag === TAG.map, depth)
      return null
    default:
      throw fields.error('the type of a property (0 to 13)', fields.position - 1)
  }
}

function readBigString(fields: FrameReader): string {
  const length = fields.byteLength()
  fields.skip(length)
  return decodeModifiedUtf8(fields.buffer, fields.position - length, fields.position)
}

function skipCollection(fields: FrameReader, isMap: boolean, depth: number): void {
  if (depth === DEPTH_MAX) throw fields.error(`no more than ${DEPTH_MAX} maps and lists in each other`)
  const count = fields.i32()
  for (let index = 0; index < count; index++) {
    if (isMap) fields.skip(fields.u16())
    readValue(fields, depth + 1)
  }
}

function viewBefore({ buffer, position }: FrameReader, bytes: number): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset + position - bytes, bytes)
}
