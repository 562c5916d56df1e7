import { FieldWriter, methodFrame } from '../../../src/protocol/amqp091/field-writer.ts'
import { FRAME_BODY, FRAME_END, FRAME_HEADER, writeFrameHead } from '../../../src/protocol/amqp091/frame.ts'
import type { Amqp091Limits } from '../../../src/protocol/amqp091/limits.ts'
import { METHOD, methodName } from '../../../src/protocol/amqp091/method.ts'
import { Amqp091Parser } from '../../../src/protocol/amqp091/parser.ts'

/** What came of feeding `chunks` one after the other. */
export interface Parsed {
  /** `1 basic.ack 0000..`, `header ...`, `body ...`: bytes as hexadecimal digits. */
  readonly seen: readonly string[]
  /** What the parser threw, as `offset: expected`; null for nothing. */
  readonly error: string | null
}

/** Feeds the chunks, each overwritten after its call as a shared read buffer would be. */
export function parseChunks(chunks: readonly Uint8Array[], limits?: Amqp091Limits): Parsed {
  const seen: string[] = []
  const handler = {
    onMethod: (channel: number, method: number, fields: { buffer: Uint8Array; position: number; end: number }) => {
      seen.push(`${channel} ${methodName(method)} ${hex(fields.buffer, fields.position, fields.end)}`)
    },
    onContentHeader: (fields: { buffer: Uint8Array; position: number; end: number }) => {
      seen.push(`header ${hex(fields.buffer, fields.position, fields.end)}`)
    },
    onContent: (buffer: Uint8Array, start: number, end: number) => {
      seen.push(`body ${hex(buffer, start, end)}`)
    },
  }
  const parser = new Amqp091Parser(handler, limits)
  try {
    for (const chunk of chunks) {
      // Not at index 0: the parser must keep to where it is told that the bytes are.
      const shared = new Uint8Array(chunk.length + 5)
      shared.set(chunk, 3)
      parser.feed(shared, 3, 3 + chunk.length)
      shared.fill(0xee)
    }
    return { seen, error: null }
  } catch (error) {
    if (!(error instanceof Error && 'offset' in error && 'expected' in error)) throw error
    return { seen, error: `${String(error.offset)}: ${String(error.expected)}` }
  }
}

export function hex(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return Buffer.from(bytes.subarray(start, end)).toString('hex')
}

/** The bytes of a text, each character one byte. */
export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** One chunk for each byte. */
export function oneByOne(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (octet) => new Uint8Array([octet]))
}

/** Any frame, its length right. */
export function frame(type: number, channel: number, payload: Uint8Array): Uint8Array {
  const head = new Uint8Array(7)
  writeFrameHead(head, 0, type, channel, payload.length)
  return joined(head, payload, Uint8Array.of(FRAME_END))
}

/** Property flags and values of a content header: `readMessageNumber` and the like read these. */
export type Properties = (fields: FieldWriter) => FieldWriter

const NO_PROPERTIES: Properties = (fields) => fields.short(0)

export function contentHeader(channel: number, bodyBytes: number, properties: Properties = NO_PROPERTIES): Uint8Array {
  const fields = new FieldWriter().short(60).short(0).longLong(bodyBytes)
  return frame(FRAME_HEADER, channel, properties(fields).bytes())
}

/** Content header and body frames of at most `chunkBytes` each. */
export function content(
  channel: number,
  body: Uint8Array,
  chunkBytes = 100_000,
  properties = NO_PROPERTIES,
): Uint8Array {
  const frames = [contentHeader(channel, body.length, properties)]
  for (let start = 0; start < body.length; start += chunkBytes) {
    frames.push(frame(FRAME_BODY, channel, body.subarray(start, start + chunkBytes)))
  }
  return joined(...frames)
}

/** The method of a delivery, without its content. */
export function deliverMethod(deliveryTag: number, redelivered = false, consumerTag = 'brokermark'): Uint8Array {
  return methodFrame(1, METHOD.basicDeliver, (fields) =>
    fields
      .shortString(consumerTag)
      .longLong(deliveryTag)
      .octet(redelivered ? 1 : 0)
      .shortString('')
      .shortString('q'),
  )
}
