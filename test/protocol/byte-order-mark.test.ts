/** U+FEFF is a character like any other in a string of a protocol (MQTT-1.5.4-3 says so): no reader strips it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FieldReader } from '../../src/protocol/amqp091/field-reader.ts'
import { readValue } from '../../src/protocol/amqp10/value.ts'
import { textAt } from '../../src/protocol/mqtt/text.ts'
import { readerOf } from './amqp10/seen-frames.ts'
import { parseChunks } from './stomp/seen-frames.ts'

const TEXT = '\ufeffa'
const UTF8 = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)

describe('a byte order mark at the beginning of a string is kept', () => {
  test('in STOMP', () => {
    const frame = Buffer.from(`SEND\n${TEXT}:${TEXT}\n\n\0`)
    assert.deepEqual(parseChunks([frame]).frames[0]?.headers, [[TEXT, TEXT]])
  })

  test('in MQTT', () => {
    assert.equal(textAt(Uint8Array.of(0, UTF8.length, ...UTF8), 0), TEXT)
  })

  test('in AMQP 1.0', () => {
    assert.equal(readValue(readerOf(Uint8Array.of(0xa1, UTF8.length, ...UTF8))), TEXT)
  })

  test('in AMQP 0-9-1', () => {
    const fields = new FieldReader()
    fields.reset(Uint8Array.of(UTF8.length, ...UTF8), 0, UTF8.length + 1, 0)
    assert.equal(fields.shortString(), TEXT)
  })
})
