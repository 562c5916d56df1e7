import { Amqp10ProtocolError } from '../../../src/protocol/amqp10/amqp10-error.ts'
import { AmqpFrameParser } from '../../../src/protocol/amqp10/frame-parser.ts'
import { DEFAULT_LIMITS } from '../../../src/protocol/amqp10/limits.ts'
import { AmqpReader } from '../../../src/protocol/amqp10/reader.ts'

/** What a parser made of a stream: headers and frames in order, and how it ended. */
export interface Seen {
  /** `header 3`, or type, channel and body in hexadecimal. */
  readonly units: readonly string[]
  readonly error: string | null
}

/** Feeds the chunks, each in an array that is overwritten afterwards, as the shared read buffer is. */
export function parseChunks(chunks: readonly Uint8Array[], limits = DEFAULT_LIMITS): Seen {
  const units: string[] = []
  const parser = new AmqpFrameParser(
    {
      onHeader: (protocolId) => units.push(`header ${protocolId}`),
      onFrame: ({ type, channel, buffer, bodyStart, end }) =>
        units.push(`${type} ${channel} ${Buffer.from(buffer.subarray(bodyStart, end)).toString('hex')}`),
    },
    limits,
  )
  try {
    for (const chunk of chunks) {
      const copy = Uint8Array.from(chunk)
      parser.feed(copy)
      copy.fill(0xee)
    }
    return { units, error: null }
  } catch (error) {
    if (!(error instanceof Amqp10ProtocolError)) throw error
    return { units, error: error.message }
  }
}

export function oneByOne(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (octet) => Uint8Array.of(octet))
}

export function splitAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length))
}

/** A reader that stands at the beginning of these bytes. */
export function readerOf(bytes: Uint8Array): AmqpReader {
  const reader = new AmqpReader()
  reader.load(bytes, 0, bytes.length, 0)
  return reader
}
