/** The one command without a base, sent by both sides before anything else, always size-prefixed and loose. */
import { ByteWriter } from './byte-writer.ts'
import type { FrameReader } from './frame-reader.ts'
import { FRAME_BYTES_MAX } from './limits.ts'
import { readPrimitiveMap, TAG } from './primitive-map.ts'
import { COMMAND, OPENWIRE_VERSION } from './type-codes.ts'

const MAGIC = new TextEncoder().encode('ActiveMQ')

/** What a side says of itself, as far as it matters with tight encoding and cache off. */
export interface WireFormat {
  readonly version: number
  /** A side that hears nothing for so long ends the connection; 0 = never. */
  readonly maxInactivityMs: number
  /** Silence allowed at first; Java's 10 s. */
  readonly maxInactivityInitialDelayMs: number
  /** Largest frame that it reads. */
  readonly maxFrameBytes: number
  readonly providerName: string | null
  readonly providerVersion: string | null
}

/**
 * All that is optional is off, and the result of the negotiation is the AND of both sides: so it is off. Durations and
 * sizes must be longs and flags booleans, or the broker ends the connection.
 */
export function wireFormatInfo(
  format: Pick<WireFormat, 'maxInactivityMs' | 'maxInactivityInitialDelayMs'>,
  provider: { readonly name: string; readonly version: string } | null = null,
): Uint8Array {
  const properties = new ByteWriter().i32(provider === null ? 8 : 10)
  for (const name of ['TightEncodingEnabled', 'CacheEnabled', 'SizePrefixDisabled', 'StackTraceEnabled']) {
    properties.text(name).u8(TAG.boolean).bool(false)
  }
  properties.text('TcpNoDelayEnabled').u8(TAG.boolean).bool(true)
  properties.text('MaxInactivityDuration').u8(TAG.long).i64(format.maxInactivityMs)
  // Spelled so by Java.
  properties.text('MaxInactivityDurationInitalDelay').u8(TAG.long).i64(format.maxInactivityInitialDelayMs)
  properties.text('MaxFrameSize').u8(TAG.long).i64(FRAME_BYTES_MAX)
  if (provider !== null) {
    properties.text('ProviderName').u8(TAG.string).text(provider.name)
    properties.text('ProviderVersion').u8(TAG.string).text(provider.version)
  }
  const writer = new ByteWriter().u8(COMMAND.wireFormatInfo).raw(MAGIC).i32(OPENWIRE_VERSION)
  return writer.bool(true).i32(properties.length).raw(properties.take()).takeFrame()
}

/** @throws OpenWireProtocolError */
export function readWireFormatInfo(fields: FrameReader): WireFormat {
  for (const octet of MAGIC) {
    if (fields.u8() !== octet) throw fields.error('the word ActiveMQ', fields.position - 1)
  }
  const version = fields.i32()
  const properties = fields.bool() ? readProperties(fields) : new Map<string, number | string>()
  return {
    version,
    maxInactivityMs: numberOf(properties.get('MaxInactivityDuration'), 0),
    maxInactivityInitialDelayMs: numberOf(properties.get('MaxInactivityDurationInitalDelay'), 0),
    maxFrameBytes: numberOf(properties.get('MaxFrameSize'), FRAME_BYTES_MAX),
    providerName: textOf(properties.get('ProviderName')),
    providerVersion: textOf(properties.get('ProviderVersion')),
  }
}

function numberOf(value: number | string | undefined, absent: number): number {
  return typeof value === 'number' ? value : absent
}

function textOf(value: number | string | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function readProperties(fields: FrameReader): Map<string, number | string> {
  const end = fields.byteLength() + fields.position
  if (fields.position === end) return new Map()
  const properties = readPrimitiveMap(fields)
  if (fields.position !== end) throw fields.error('the end of the properties')
  return properties
}
