/** Readers of single values: unknown in, a typed value or `undefined` out, beside the words for what was expected. */
import type { AcknowledgePolicy } from '../driver/driver.ts'
import type { Layout, PayloadContent } from './workload.ts'
import { MESSAGE_BYTES_MAX, MESSAGE_BYTES_MIN } from './defaults.ts'
import { withoutCredentials } from './parse-target.ts'
import { targetOfEnds } from './target-ends.ts'

/** One leaf's rule. `expected` completes the sentence `got X, expected ...`. */
export interface Reader<T> {
  readonly expected: string
  /** @returns undefined where the value does not fit; never throws, never converts silently. */
  read(value: unknown): T | undefined
  /** How sentences show a value; absent: `describeValue`. */
  readonly describe?: (value: unknown) => string
}

/** A whole number of `min` or more, at most 2^31 - 1 so that it fits every counter behind it. */
export function wholeNumber(min: number, noun = 'a whole number'): Reader<number> {
  return {
    expected: `${noun}, ${min} or more`,
    read: (value) => (isWhole(value) && value >= min && value <= 2 ** 31 - 1 ? value : undefined),
  }
}

/** A finite number above zero, or zero as well where `zeroAllowed`. */
export function amount(noun: string, zeroAllowed: boolean): Reader<number> {
  return {
    expected: zeroAllowed ? `${noun}, 0 or more` : `${noun} above 0`,
    read: (value) =>
      typeof value === 'number' && Number.isFinite(value) && (value > 0 || (zeroAllowed && value === 0))
        ? value
        : undefined,
  }
}

export const yesOrNo: Reader<boolean> = {
  expected: 'true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
}

/** Any text of one character or more. */
export const text: Reader<string> = {
  expected: 'a text',
  read: (value) => (typeof value === 'string' && value.trim() !== '' ? value : undefined),
}

/** A target: a URL, or one for each end. Sentences name its kind alone, because URLs hold passwords. */
export const target: Reader<string> = {
  expected: 'a URL, or { producer: URL, consumer: URL }',
  read: (value) => {
    if (typeof value !== 'object' || value === null) return text.read(value)
    const { producer, consumer, ...others } = value as Readonly<Record<string, unknown>>
    if (Object.keys(others).length > 0) return undefined
    const [producers, consumers] = [text.read(producer), text.read(consumer)]
    return producers === undefined || consumers === undefined ? undefined : targetOfEnds(producers, consumers)
  },
  describe: (value) => {
    if (typeof value === 'string') return withoutCredentials(value)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return describeValue(value)
    return `a map with ${Object.keys(value).join(', ') || 'nothing in it'}`
  },
}

/** One of a few words. */
export function oneOf<const W extends string>(...words: readonly [W, ...W[]]): Reader<W> {
  return { expected: orList(words), read: (value) => words.find((word) => word === value) }
}

/** A text that may become part of a folder's or a queue's name. */
export function plainName(noun: string): Reader<string> {
  return {
    expected: `${noun}: letters, digits, dots, hyphens and underscores, 64 at most`,
    read: (value) => (typeof value === 'string' && /^[A-Za-z0-9][\w.-]{0,63}$/.test(value) ? value : undefined),
  }
}

/** A destination's name as the broker has it: anything but blanks and control characters. */
export const destinationName: Reader<string> = {
  expected: 'a name without blanks, 255 characters at most',
  read: (value) => (typeof value === 'string' && /^[^\s\p{Cc}]{1,255}$/u.test(value) ? value : undefined),
}

/** Bytes of one message: a number, or a text such as `1KB` and `1.5 MB` with units of 1,024. */
export const messageSize: Reader<number> = {
  expected: `a whole number of bytes, ${MESSAGE_BYTES_MIN} or more (the payload header needs them), such as 1024 or 1KB`,
  read: (value) => {
    const bytes = typeof value === 'string' ? bytesOf(value) : value
    return isWhole(bytes) && bytes >= MESSAGE_BYTES_MIN && bytes <= MESSAGE_BYTES_MAX ? bytes : undefined
  },
}

export const acknowledgePolicy: Reader<AcknowledgePolicy> = {
  expected: 'each, auto or { every: N } with N of 1 or more',
  read: (value) => {
    if (value === 'each' || value === 'auto') return { kind: value }
    const messages = onlyEntry(value, 'every')
    return isWhole(messages) && messages >= 1 ? { kind: 'every', messages } : undefined
  },
}

/** A message's priority as in JMS. */
export const priority: Reader<number> = {
  expected: 'a whole number from 0 to 9',
  read: (value) => (isWhole(value) && value >= 0 && value <= 9 ? value : undefined),
}

/** Application headers: names that every protocol can carry, texts of one line. */
export const headers: Reader<Readonly<Record<string, string>>> = {
  expected: 'a map of names (letters, digits and _, 64 at most) to texts of one line, 1,024 characters at most',
  read: (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const entries = Object.entries(value)
    return entries.every(([name, text]) => HEADER_NAME.test(name) && typeof text === 'string' && HEADER_TEXT.test(text))
      ? (value as Readonly<Record<string, string>>)
      : undefined
  },
}

const HEADER_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/
const HEADER_TEXT = /^\P{Cc}{0,1024}$/u

export const layout: Reader<Layout> = {
  expected: 'per-pair, shared or { count: N } with N of 1 or more',
  read: (value) => {
    if (value === 'per-pair' || value === 'shared') return { kind: value }
    const count = onlyEntry(value, 'count')
    return isWhole(count) && count >= 1 ? { kind: 'count', count } : undefined
  },
}

export const payloadContent: Reader<PayloadContent> = {
  expected: 'random, zeros, text or { file: PATH }',
  read: (value) => {
    if (value === 'random' || value === 'zeros' || value === 'text') return { kind: value }
    const path = onlyEntry(value, 'file')
    return typeof path === 'string' && path !== '' ? { kind: 'file', path } : undefined
  },
}

/** The value of a broker's own declaration argument. */
export const argumentValue: Reader<string | number | boolean> = {
  expected: 'a text, a number, true or false',
  read: (value) =>
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
      ? value
      : undefined,
}

/** A value as the user would recognise it, short enough for a sentence: the `got` of every problem. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Map) return 'a map'
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const written = JSON.stringify(value)
  return written.length <= 60 ? written : 'a map'
}

function bytesOf(written: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(B|KB|KIB|MB|MIB)?$/i.exec(written.trim())
  if (match === null) return undefined
  const unit = (match[2] ?? 'B').toUpperCase()
  return Number(match[1]) * (unit === 'B' ? 1 : unit.startsWith('K') ? 1024 : 1024 * 1024)
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

/** The value of a map's only entry where it has this key. */
export function onlyEntry(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const entries = Object.entries(value)
  const [only] = entries
  return entries.length === 1 && only?.[0] === key ? only[1] : undefined
}

function orList(words: readonly string[]): string {
  return words.length === 1 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`
}
