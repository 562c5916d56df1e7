import { FrameParser } from '../../../src/protocol/openwire/frame-parser.ts'

/** A frame copied out of the parser: type code and the bytes behind it, in hex. */
export type SeenFrame = readonly [type: number, fields: string]

export interface Parsed {
  readonly frames: readonly SeenFrame[]
  /** What the parser threw, as `offset: expected`; null for nothing. */
  readonly error: string | null
}

/** Feeds the chunks, each overwritten after its call as a shared read buffer would be. */
export function parseChunks(chunks: readonly Uint8Array[], frameBytesMax = 1000): Parsed {
  const frames: SeenFrame[] = []
  const onFrame = (type: number, { buffer, position, end }: FrameBytes): void => {
    frames.push([type, Buffer.from(buffer.subarray(position, end)).toString('hex')])
  }
  const parser = new FrameParser({ onFrame }, frameBytesMax)
  try {
    for (const chunk of chunks) {
      // In the middle of a larger buffer, as it would be behind other frames.
      const shared = new Uint8Array(chunk.length + 7).fill(0xee)
      shared.set(chunk, 3)
      parser.feed(shared, 3, chunk.length + 3)
      shared.fill(0xdd)
    }
    return { frames, error: null }
  } catch (error) {
    return { frames, error: errorText(error) }
  }
}

interface FrameBytes {
  readonly buffer: Uint8Array
  readonly position: number
  readonly end: number
}

/** `offset: expected` of a protocol error; any other is thrown on. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error && error.name === 'OpenWireProtocolError')) throw error
  const { offset, expected } = error as Error & { readonly offset: number; readonly expected: string }
  return `${offset}: ${expected}`
}

/** One chunk for each byte. */
export function oneByOne(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (octet) => new Uint8Array([octet]))
}

export function splitAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b)
  const edges = [0, ...sorted, bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** `0000 0a` → bytes. */
export function hexBytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'))
}
