import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { Amqp091ProtocolError } from '../../../src/protocol/amqp091/amqp091-error.ts'
import { FieldReader } from '../../../src/protocol/amqp091/field-reader.ts'
import type { FieldTable, FieldValue } from '../../../src/protocol/amqp091/field-table.ts'
import { FieldWriter } from '../../../src/protocol/amqp091/field-writer.ts'
import { TABLE_DEPTH_MAX, TABLE_FIELDS_MAX } from '../../../src/protocol/amqp091/limits.ts'
import { readMessageNumber } from '../../../src/protocol/amqp091/properties.ts'
import { readTable } from '../../../src/protocol/amqp091/read-table.ts'
import { bytesOf, joined } from './seen-frames.ts'

const name = fc.string({ maxLength: 20 })
const { table } = fc.letrec<{ table: FieldTable; value: FieldValue }>((tie) => ({
  table: fc.array(fc.tuple(name, tie('value')), { maxLength: 5 }).map((entries) => new Map(entries)),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    fc.maxSafeInteger().map((value) => value + 0),
    fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('table'),
  ),
}))

function reader(bytes: Uint8Array, originBytes = 0): FieldReader {
  const fields = new FieldReader()
  fields.reset(bytes, 0, bytes.length, originBytes)
  return fields
}

/** Offset and expectation of what `read` throws. */
function refusal(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof Amqp091ProtocolError) return `${error.offset}: ${error.expected}`
    throw error
  }
  return 'it was read'
}

describe('AMQP 0-9-1 field tables', () => {
  test('come back as they were written, every type in every depth', () => {
    fc.assert(
      fc.property(table, (written) => {
        const bytes = new FieldWriter().table(written).octet(99).bytes()
        const fields = reader(bytes)
        assert.deepEqual(readTable(fields), written)
        assert.equal(fields.octet(), 99)
      }),
    )
  })

  test('are an error wherever they are cut', () => {
    const written: FieldTable = new Map<string, FieldValue>([
      ['a', 'text'],
      ['b', [1, 2.5, 2 ** 40, null, true, Uint8Array.of(1, 2)]],
      ['c', new Map([['d', 'e']])],
    ])
    const bytes = new FieldWriter().table(written).bytes()
    for (let cut = 0; cut < bytes.length; cut++) {
      assert.notEqual(
        refusal(() => readTable(reader(bytes.subarray(0, cut)))),
        'it was read',
      )
    }
  })

  test('of random bytes are read or refused with a typed error, and never read beyond the frame', () => {
    const letters = fc.constantFrom(...bytesOf('SFAVtxbBsuIilLTDfd\0\0\0\0\x01\x02\x05'))
    const soup = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.array(letters, { maxLength: 60 }).map((octets) => Uint8Array.from(octets)),
    )
    fc.assert(
      fc.property(soup, (bytes) => {
        const framed = new FieldWriter().longString(bytes).bytes()
        const fields = reader(joined(framed, bytesOf('beyond')))
        fields.end = framed.length
        refusal(() => readTable(fields))
        assert.ok(fields.position <= framed.length)
      }),
      { numRuns: 1000 },
    )
  })

  for (const [letter, payload, value] of [
    ['b', '\xff', -1],
    ['B', '\xff', 255],
    ['s', '\xff\xfe', -2],
    ['u', '\xff\xfe', 65_534],
    ['I', '\xff\xff\xff\xfd', -3],
    ['i', '\xff\xff\xff\xfd', 4_294_967_293],
    ['l', '\xff\xff\xff\xff\xff\xff\xff\xfc', -4],
    ['T', '\0\0\0\x01\0\0\0\x02', 4_294_967_298],
    ['D', '\x02\0\0\0\x7b', 1.23],
    ['f', '\x3f\xc0\0\0', 1.5],
  ] as const) {
    test(`read the type ${letter}`, () => {
      const bytes = new FieldWriter().longString(bytesOf(`\x01n${letter}${payload}`)).bytes()
      assert.deepEqual(readTable(reader(bytes)), new Map([['n', value]]))
    })
  }

  test('are refused at the field whose type or length is wrong', () => {
    const withLength = (text: string): Uint8Array => new FieldWriter().longString(bytesOf(text)).bytes()
    assert.equal(
      refusal(() => readTable(reader(withLength('\x01n?'), 100))),
      '106: a field type',
    )
    assert.equal(
      refusal(() => readTable(reader(withLength('\x01nS\0\0\0\x09abc')))),
      '11: a long string of 9 bytes',
    )
    assert.equal(
      refusal(() => readTable(reader(bytesOf('\xff\xff\xff\xff')))),
      '4: a table of 4294967295 bytes',
    )
  })

  test('are bounded in depth', () => {
    const nested = (levels: number): FieldTable => new Map(levels === 0 ? [] : [['t', nested(levels - 1)]])
    const encoded = (levels: number): Uint8Array => new FieldWriter().table(nested(levels)).bytes()
    assert.equal(readTable(reader(encoded(TABLE_DEPTH_MAX))).size, 1)
    assert.match(
      refusal(() => readTable(reader(encoded(TABLE_DEPTH_MAX + 1)))),
      /tables of at most 16 levels$/,
    )
  })

  test('are bounded in the number of fields, those of inner tables and arrays counted', () => {
    const withNulls = (count: number): Uint8Array =>
      new FieldWriter().table(new Map([['a', new Array<null>(count).fill(null)]])).bytes()
    assert.equal(readTable(reader(withNulls(TABLE_FIELDS_MAX - 1))).size, 1)
    assert.match(
      refusal(() => readTable(reader(withNulls(TABLE_FIELDS_MAX)))),
      /at most 4096 fields in a table$/,
    )
  })
})

describe('AMQP 0-9-1 fields', () => {
  test('are numbers and strings as they were written', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(65_535), fc.nat(0xffff_ffff), fc.maxSafeNat(), name, (b, s, l, ll, text) => {
        const writer = new FieldWriter().octet(b).short(s).long(l).longLong(ll).shortString(text).longString(text)
        const fields = reader(writer.bytes())
        assert.deepEqual([fields.octet(), fields.short(), fields.long(), fields.longLong()], [b, s, l, ll])
        assert.deepEqual([fields.shortString(), fields.longString()], [text, text])
        assert.equal(
          refusal(() => fields.octet()),
          `${fields.end}: an octet`,
        )
      }),
    )
  })

  test('are no more than 2^53 - 1', () => {
    assert.equal(
      refusal(() => reader(bytesOf('\0\x20\0\0\0\0\0\0')).longLong()),
      '0: a number of at most 2^53 - 1',
    )
  })

  test('refuse a name of more than 255 bytes before it is sent', () => {
    assert.throws(() => new FieldWriter().shortString('ü'.repeat(128)), RangeError)
  })

  test('find the number in a message-id behind any other properties', () => {
    const properties = (flags: number, write: (fields: FieldWriter) => FieldWriter): FieldReader =>
      reader(write(new FieldWriter().short(flags)).bytes())
    const all = (fields: FieldWriter): FieldWriter =>
      fields
        .shortString('type')
        .shortString('gzip')
        .table(new Map([['x', 1]]))
        .octet(2)
        .octet(4)
    assert.equal(readMessageNumber(properties(0x0080, (fields) => fields.shortString('42'))), 42)
    assert.equal(
      readMessageNumber(
        properties(0xff80, (fields) =>
          all(fields)
            .shortString('correlation')
            .shortString('reply')
            .shortString('60000')
            .shortString('9007199254740991'),
        ),
      ),
      Number.MAX_SAFE_INTEGER,
    )
    assert.equal(readMessageNumber(properties(0x1000, (fields) => fields.octet(2))), -1)
    assert.equal(readMessageNumber(properties(0x0080, (fields) => fields.shortString('4x'))), -1)
    assert.equal(
      refusal(() => readMessageNumber(properties(0x0080, (fields) => fields.octet(9)))),
      '3: a message-id of 9 bytes',
    )
  })
})
