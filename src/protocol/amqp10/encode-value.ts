/** Values as bytes, for frames that are written a few times per connection and for what is patched into templates. */
const text = new TextEncoder()

/** An encoded value: constructor and content. */
export type Encoded = Uint8Array

export const NULL: Encoded = Uint8Array.of(0x40)

export function encodeBoolean(value: boolean): Encoded {
  return Uint8Array.of(value ? 0x41 : 0x42)
}

export function encodeUbyte(value: number): Encoded {
  return Uint8Array.of(0x50, value)
}

export function encodeUshort(value: number): Encoded {
  return Uint8Array.of(0x60, value >> 8, value)
}

/** 0 to 2^32 - 1, in the shortest form. */
export function encodeUint(value: number): Encoded {
  if (value === 0) return Uint8Array.of(0x43)
  return value < 256 ? Uint8Array.of(0x52, value) : fixed(0x70, value)
}

/** 0 to 2^32 - 1, in the shortest form. */
export function encodeUlong(value: number): Encoded {
  if (value === 0) return Uint8Array.of(0x44)
  return value < 256 ? Uint8Array.of(0x53, value) : joined([Uint8Array.of(0x80, 0, 0, 0, 0), bytesOf(value)])
}

export function encodeString(value: string): Encoded {
  return variable(0xa1, text.encode(value))
}

export function encodeSymbol(name: string): Encoded {
  return variable(0xa3, text.encode(name))
}

export function encodeBinary(value: Uint8Array): Encoded {
  return variable(0xa0, value)
}

export function encodeList(items: readonly Encoded[]): Encoded {
  return items.length === 0 ? Uint8Array.of(0x45) : compound(0xc0, items.length, joined(items))
}

/** Keys and values in turn. */
export function encodeMap(items: readonly Encoded[]): Encoded {
  return compound(0xc1, items.length, joined(items))
}

/** An array of symbols. */
export function encodeSymbols(names: readonly string[]): Encoded {
  const symbols = names.map((name) => fixedLength(text.encode(name)))
  return compound(0xe0, names.length, joined([Uint8Array.of(0xb3), ...symbols]))
}

/** A composite: described list, without the nulls at its end. @param fields null = left out. */
export function encodeComposite(descriptor: number, fields: readonly (Encoded | null)[]): Encoded {
  const last = fields.findLastIndex((field) => field !== null)
  return encodeDescribed(descriptor, encodeList(fields.slice(0, last + 1).map((field) => field ?? NULL)))
}

export function encodeDescribed(descriptor: number, value: Encoded): Encoded {
  return joined([Uint8Array.of(0), encodeUlong(descriptor), value])
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The form with lengths of four bytes has a constructor 0x10 above the one with lengths of one byte. */
const WIDE = 0x10

function variable(code: number, content: Uint8Array): Encoded {
  if (content.length < 256) return joined([Uint8Array.of(code, content.length), content])
  return joined([Uint8Array.of(code + WIDE), fixedLength(content)])
}

function compound(code: number, count: number, content: Uint8Array): Encoded {
  if (content.length < 255 && count < 256) return joined([Uint8Array.of(code, content.length + 1, count), content])
  return joined([Uint8Array.of(code + WIDE), bytesOf(content.length + 4), bytesOf(count), content])
}

function fixedLength(content: Uint8Array): Uint8Array {
  return joined([bytesOf(content.length), content])
}

function fixed(code: number, value: number): Encoded {
  return joined([Uint8Array.of(code), bytesOf(value)])
}

function bytesOf(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}
