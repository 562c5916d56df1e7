/** What packets that are made whole are put together from. */
import { fixedFlags } from './packet-type.ts'
import type { PacketType } from './packet-type.ts'
import { variableIntegerBytes, writeVariableInteger } from './variable-integer.ts'

const encoder = new TextEncoder()

/** First byte, length, and these parts one behind the other. */
export function packetOf(type: PacketType, parts: readonly ArrayLike<number>[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const bytes = new Uint8Array(1 + variableIntegerBytes(length) + length)
  bytes[0] = (type << 4) | fixedFlags(type)
  let position = writeVariableInteger(bytes, 1, length)
  for (const part of parts) {
    bytes.set(part, position)
    position += part.length
  }
  return bytes
}

/** These properties with their length in front. */
export function propertiesOf(parts: readonly ArrayLike<number>[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const bytes = new Uint8Array(variableIntegerBytes(length) + length)
  let position = writeVariableInteger(bytes, 0, length)
  for (const part of parts) {
    bytes.set(part, position)
    position += part.length
  }
  return bytes
}

/** A string with its length in front. @throws RangeError beyond 65,535 bytes */
export function text(value: string): Uint8Array {
  const bytes = encoder.encode(value)
  if (bytes.length > 65_535) throw new RangeError(`MQTT strings have at most 65,535 bytes, this one ${bytes.length}`)
  const framed = new Uint8Array(2 + bytes.length)
  framed.set(twoBytes(bytes.length))
  framed.set(bytes, 2)
  return framed
}

/** Most significant byte first. */
export function twoBytes(value: number): [number, number] {
  return [value >> 8, value & 0xff]
}

/** Most significant byte first; 0 to 4,294,967,295. */
export function fourBytes(value: number): [number, number, number, number] {
  return [value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]
}
