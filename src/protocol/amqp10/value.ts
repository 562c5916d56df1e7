/** Whole values as JavaScript's own, for the frames of a handshake: a few per connection, so they may cost something. */
import { DEFAULT_LIMITS } from './limits.ts'
import type { AmqpReader } from './reader.ts'

/** A symbol: ASCII, and another type than a string of the same characters. */
export class AmqpSymbol {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

export class AmqpDescribed {
  readonly descriptor: AmqpValue
  readonly value: AmqpValue

  constructor(descriptor: AmqpValue, value: AmqpValue) {
    this.descriptor = descriptor
    this.value = value
  }
}

/**
 * Numbers of all widths, characters and timestamps are numbers, or bigints beyond 2^53; decimals and UUIDs are their
 * bytes; lists and arrays are arrays; a map has an entry for each pair, keys as they are.
 */
export type AmqpValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | AmqpSymbol
  | AmqpDescribed
  | readonly AmqpValue[]
  | ReadonlyMap<AmqpValue, AmqpValue>

/** The characters of a string or symbol; null for anything else. */
export function textOf(value: AmqpValue | undefined): string | null {
  if (value instanceof AmqpSymbol) return value.name
  return typeof value === 'string' ? value : null
}

/** The number; 0 for anything else. */
export function numberOf(value: AmqpValue | undefined): number {
  return typeof value === 'number' ? value : 0
}

/** Entries of a map whose keys are symbols or strings; empty for anything else. Symbols among the values become text. */
export function propertiesOf(value: AmqpValue | undefined): Record<string, unknown> {
  const properties: Record<string, unknown> = {}
  if (!(value instanceof Map)) return properties
  for (const [key, entry] of value as ReadonlyMap<AmqpValue, AmqpValue>) {
    const name = textOf(key)
    if (name !== null) properties[name] = textOf(entry) ?? entry
  }
  return properties
}

/** @throws Amqp10ProtocolError */
export function readValue(reader: AmqpReader, depthMax = DEFAULT_LIMITS.depthMax): AmqpValue {
  return readValueOf(reader, reader.readByte(), depthMax)
}

function readValueOf(reader: AmqpReader, code: number, depthMax: number): AmqpValue {
  if (depthMax < 0) throw reader.error('fewer values within values')
  switch (code) {
    case 0x00:
      return new AmqpDescribed(readValue(reader, depthMax - 1), readValue(reader, depthMax - 1))
    case 0x40:
      return null
    case 0x41:
      return true
    case 0x42:
      return false
    case 0x56:
      return reader.readByte() !== 0
    case 0x45:
    case 0xc0:
    case 0xd0:
      reader.position--
      return readList(reader, depthMax)
    case 0xc1:
    case 0xd1:
      return readMap(reader, code === 0xc1, depthMax)
    case 0xe0:
    case 0xf0:
      return readArray(reader, code === 0xe0, depthMax)
    default:
      return readNumber(reader, code) ?? readVariable(reader, code)
  }
}

function readList(reader: AmqpReader, depthMax: number): AmqpValue[] {
  const outerEnd = reader.end
  const count = reader.enterList()
  const items: AmqpValue[] = []
  while (items.length < count) items.push(readValue(reader, depthMax - 1))
  reader.leave(outerEnd)
  return items
}

function readMap(reader: AmqpReader, isSmall: boolean, depthMax: number): ReadonlyMap<AmqpValue, AmqpValue> {
  const outerEnd = reader.end
  const count = reader.enterCompound(isSmall)
  if (count % 2 !== 0) throw reader.error('a map of pairs')
  const entries = new Map<AmqpValue, AmqpValue>()
  for (let index = 0; index < count; index += 2) {
    const key = readValue(reader, depthMax - 1)
    entries.set(key, readValue(reader, depthMax - 1))
  }
  reader.leave(outerEnd)
  return entries
}

/** One constructor for all elements; a described one describes every element. */
function readArray(reader: AmqpReader, isSmall: boolean, depthMax: number): AmqpValue[] {
  const outerEnd = reader.end
  const count = reader.enterCompound(isSmall)
  let code = reader.readByte()
  const descriptor = code === 0 ? readValue(reader, depthMax - 1) : undefined
  if (descriptor !== undefined) code = reader.readByte()
  if (code === 0) throw reader.error('an array of values described once')
  const items: AmqpValue[] = []
  while (items.length < count) {
    const item = readElement(reader, code, depthMax - 1)
    items.push(descriptor === undefined ? item : new AmqpDescribed(descriptor, item))
  }
  reader.leave(outerEnd)
  return items
}

/** An element has no constructor of its own. */
function readElement(reader: AmqpReader, code: number, depthMax: number): AmqpValue {
  if (code === 0x45) return []
  if (code !== 0xc0 && code !== 0xd0) return readValueOf(reader, code, depthMax)
  if (depthMax < 0) throw reader.error('fewer values within values')
  const outerEnd = reader.end
  const count = reader.enterCompound(code === 0xc0)
  const items: AmqpValue[] = []
  while (items.length < count) items.push(readValue(reader, depthMax - 1))
  reader.leave(outerEnd)
  return items
}

/** Numbers, characters and timestamps; null where `code` is none of them. */
function readNumber(reader: AmqpReader, code: number): number | bigint | null {
  switch (code) {
    case 0x43:
    case 0x44:
      return 0
    case 0x50:
    case 0x52:
    case 0x53:
      return reader.readByte()
    case 0x51:
    case 0x54:
    case 0x55:
      return (reader.readByte() << 24) >> 24
    case 0x60:
      return reader.readUint16()
    case 0x61:
      return (reader.readUint16() << 16) >> 16
    case 0x70:
    case 0x73:
      return reader.readUint32()
    case 0x71:
      return reader.readUint32() | 0
    case 0x72:
      return viewOf(reader, 4).getFloat32(0)
    case 0x82:
      return viewOf(reader, 8).getFloat64(0)
    case 0x80:
      return narrowed(viewOf(reader, 8).getBigUint64(0))
    case 0x81:
    case 0x83:
      return narrowed(viewOf(reader, 8).getBigInt64(0))
    default:
      return null
  }
}

function readVariable(reader: AmqpReader, code: number): AmqpValue {
  switch (code) {
    case 0x74:
      return copied(reader, 4)
    case 0x84:
      return copied(reader, 8)
    case 0x94:
    case 0x98:
      return copied(reader, 16)
    case 0xa0:
    case 0xb0:
      return copied(reader, lengthOf(reader, code))
    case 0xa1:
    case 0xb1:
      return textAt(reader, lengthOf(reader, code))
    case 0xa3:
    case 0xb3:
      return new AmqpSymbol(textAt(reader, lengthOf(reader, code)))
    default:
      throw reader.error('the constructor of a value', reader.position - 1)
  }
}

function lengthOf(reader: AmqpReader, code: number): number {
  return code < 0xb0 ? reader.readByte() : reader.readUint32()
}

function textAt(reader: AmqpReader, bytes: number): string {
  reader.valueStart = reader.take(bytes)
  reader.valueEnd = reader.position
  return reader.textOfValue()
}

function copied(reader: AmqpReader, bytes: number): Uint8Array {
  const at = reader.take(bytes)
  // Not `slice`, by which a Buffer makes a view.
  return new Uint8Array(reader.buffer.subarray(at, at + bytes))
}

function viewOf(reader: AmqpReader, bytes: number): DataView {
  const at = reader.take(bytes)
  return new DataView(reader.buffer.buffer, reader.buffer.byteOffset + at, bytes)
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
