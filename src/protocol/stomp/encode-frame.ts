import type { Command } from './command.ts'
import { escapeHeader } from './escape.ts'
import { isUnescaped } from './frame.ts'

const encoder = new TextEncoder()

/** Header names and values, not yet escaped: a record, or pairs where an order or a repetition matters. */
export type HeaderList = Readonly<Record<string, string>> | readonly (readonly [name: string, value: string])[]

/**
 * One frame as bytes of its own: for the frames of a session's beginning and end. What goes out per message is written
 * in place, by SendTemplate and its like.
 * @param body null for none; otherwise `content-length` is added unless it is among the headers.
 */
export function encodeFrame(command: Command, headers: HeaderList, body: Uint8Array | null = null): Uint8Array {
  const lines = encoder.encode(`${headerLines(command, withContentLength(headers, body))}\n`)
  const bodyBytes = body?.length ?? 0
  const frame = new Uint8Array(lines.length + bodyBytes + 1)
  frame.set(lines)
  if (body !== null) frame.set(body, lines.length)
  return frame
}

/** The command and the header lines, each with its line feed, without the empty line. */
export function headerLines(command: Command, headers: HeaderList): string {
  const escape = isUnescaped(command) ? (text: string) => text : escapeHeader
  return pairsOf(headers).reduce((lines, [name, value]) => `${lines}${escape(name)}:${escape(value)}\n`, `${command}\n`)
}

function withContentLength(headers: HeaderList, body: Uint8Array | null): HeaderList {
  const pairs = pairsOf(headers)
  if (body === null || pairs.some(([name]) => name === 'content-length')) return pairs
  return [...pairs, ['content-length', String(body.length)]]
}

function pairsOf(headers: HeaderList): readonly (readonly [name: string, value: string])[] {
  return isPairs(headers) ? headers : Object.entries(headers)
}

function isPairs(headers: HeaderList): headers is readonly (readonly [name: string, value: string])[] {
  return Array.isArray(headers)
}
