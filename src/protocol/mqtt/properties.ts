/** Properties of MQTT 5 (section 2.2.2): a length, then identifiers each followed by a value of its type. */
import { textEnd } from './text.ts'
import { endOfVariableInteger, readVariableInteger } from './variable-integer.ts'

/** Identifiers that this code sends or looks at. */
export const PROPERTY = {
  messageExpirySeconds: 0x02,
  sessionExpirySeconds: 0x11,
  assignedClientId: 0x12,
  serverKeepAliveSeconds: 0x13,
  reasonString: 0x1f,
  receiveMaximum: 0x21,
  maximumQos: 0x24,
  retainAvailable: 0x25,
  userProperty: 0x26,
  maximumPacketBytes: 0x27,
  wildcardSubscriptionAvailable: 0x28,
  subscriptionIdentifiersAvailable: 0x29,
  sharedSubscriptionAvailable: 0x2a,
} as const

type ValueType = 'byte' | 'two-bytes' | 'four-bytes' | 'variable' | 'text' | 'text-pair'

/** Type of every property of the specification, by identifier. Binary data is laid out as text is. */
const TYPES: readonly (ValueType | undefined)[] = typesByIdentifier([
  ['byte', [0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2a]],
  ['two-bytes', [0x13, 0x21, 0x22, 0x23]],
  ['four-bytes', [0x02, 0x11, 0x18, 0x27]],
  ['variable', [0x0b]],
  ['text', [0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1a, 0x1c, 0x1f]],
  ['text-pair', [0x26]],
])

/** Where the property that begins at `start` ends; -1 where its identifier is unknown or it goes beyond `end`. */
export function endOfProperty(source: Uint8Array, start: number, end: number): number {
  const at = start + 1
  const valueEnd = endOfValue(TYPES[source[start] as number], source, at, end)
  return valueEnd > end ? -1 : valueEnd
}

/** Offset of the first property from `start` to `end` that is broken; -1 where all are well-formed. */
export function brokenProperty(source: Uint8Array, start: number, end: number): number {
  let position = start
  while (position < end) {
    const next = endOfProperty(source, position, end)
    if (next < 0) return position
    position = next
  }
  return -1
}

/** Where the value of the property `identifier` lies; -1 where it is missing. The properties are well-formed. */
export function valueOfProperty(source: Uint8Array, start: number, end: number, identifier: number): number {
  for (let position = start; position < end; position = endOfProperty(source, position, end)) {
    if (source[position] === identifier) return position + 1
  }
  return -1
}

/** The number of so many bytes that the property `identifier` has; null where it is missing. */
export function numberOfProperty(
  source: Uint8Array,
  start: number,
  end: number,
  identifier: number,
  bytes: 1 | 2 | 4,
): number | null {
  const at = valueOfProperty(source, start, end, identifier)
  if (at < 0) return null
  let value = 0
  for (let index = 0; index < bytes; index++) value = value * 256 + (source[at + index] as number)
  return value
}

/** Where properties with their length in front end that begin at `start`; -1 where they are broken or go beyond `end`. */
export function endOfProperties(source: Uint8Array, start: number, end: number): number {
  const length = readVariableInteger(source, start, end)
  if (length < 0) return -1
  const from = endOfVariableInteger(source, start)
  return from + length > end || brokenProperty(source, from, from + length) >= 0 ? -1 : from + length
}

function endOfValue(type: ValueType | undefined, source: Uint8Array, at: number, end: number): number {
  switch (type) {
    case 'byte':
      return at + 1
    case 'two-bytes':
      return at + 2
    case 'four-bytes':
      return at + 4
    case 'variable':
      return readVariableInteger(source, at, end) < 0 ? -1 : endOfVariableInteger(source, at)
    case 'text':
      return textEnd(source, at, end)
    case 'text-pair': {
      const nameEnd = textEnd(source, at, end)
      return nameEnd < 0 ? -1 : textEnd(source, nameEnd, end)
    }
    case undefined:
      return -1
  }
}

function typesByIdentifier(
  groups: readonly (readonly [ValueType, readonly number[]])[],
): readonly (ValueType | undefined)[] {
  const types: (ValueType | undefined)[] = Array.from({ length: 256 })
  for (const [type, identifiers] of groups) for (const identifier of identifiers) types[identifier] = type
  return types
}
