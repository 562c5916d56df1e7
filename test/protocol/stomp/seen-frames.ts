import type { StompFrame } from '../../../src/protocol/stomp/frame.ts'
import { StompParser } from '../../../src/protocol/stomp/parser.ts'
import type { StompLimits } from '../../../src/protocol/stomp/limits.ts'

/** A frame copied out of the parser. */
export interface SeenFrame {
  readonly command: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/** What came of feeding `chunks` one after the other. */
export interface Parsed {
  readonly frames: readonly SeenFrame[]
  /** What the parser threw, as `offset: expected`; null for nothing. */
  readonly error: string | null
}

/** Feeds the chunks, each overwritten after its call as a shared read buffer would be. */
export function parseChunks(chunks: readonly Uint8Array[], limits?: StompLimits): Parsed {
  const frames: SeenFrame[] = []
  const parser = new StompParser({ onFrame: (frame) => frames.push(copyOf(frame)) }, limits)
  try {
    for (const chunk of chunks) {
      const shared = chunk.slice()
      parser.feed(shared)
      shared.fill(0xee)
    }
    return { frames, error: null }
  } catch (error) {
    if (!(error instanceof Error && 'offset' in error && 'expected' in error)) throw error
    return { frames, error: `${String(error.offset)}: ${String(error.expected)}` }
  }
}

/** One chunk for each byte. */
export function oneByOne(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (octet) => new Uint8Array([octet]))
}

/** The bytes of a text, each character one byte. */
export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

function copyOf(frame: StompFrame): SeenFrame {
  return { command: frame.command, headers: frame.headers(), body: Buffer.from(frame.body()).toString('latin1') }
}
