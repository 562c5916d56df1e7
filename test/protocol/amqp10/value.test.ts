import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { Amqp10ProtocolError } from '../../../src/protocol/amqp10/amqp10-error.ts'
import { descriptorOfName } from '../../../src/protocol/amqp10/descriptor.ts'
import {
  encodeBinary,
  encodeBoolean,
  encodeDescribed,
  encodeList,
  encodeMap,
  encodeString,
  encodeSymbol,
  encodeSymbols,
  encodeUbyte,
  encodeUint,
  encodeUlong,
  encodeUshort,
  NULL,
} from '../../../src/protocol/amqp10/encode-value.ts'
import type { Encoded } from '../../../src/protocol/amqp10/encode-value.ts'
import { AmqpDescribed, AmqpSymbol, propertiesOf, readValue } from '../../../src/protocol/amqp10/value.ts'
import type { AmqpValue } from '../../../src/protocol/amqp10/value.ts'
import { readerOf } from './seen-frames.ts'

interface Pair {
  readonly value: AmqpValue
  readonly encoded: Encoded
}

const uint32 = fc.nat({ max: 0xffffffff })
const { pair: arbitraryPair } = fc.letrec<{ pair: Pair; leaf: Pair }>((tie) => ({
  pair: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('pair'), { maxLength: 5 }).map((items) => ({
      value: items.map(({ value }) => value),
      encoded: encodeList(items.map(({ encoded }) => encoded)),
    })),
    fc.array(fc.tuple(fc.string(), tie('pair')), { maxLength: 4 }).map((entries) => ({
      value: new Map(entries.map(([key, { value }]) => [key, value])),
      encoded: encodeMap(entries.flatMap(([key, { encoded }]) => [encodeString(key), encoded])),
    })),
    fc.tuple(fc.nat({ max: 300 }), tie('pair')).map(([code, { value, encoded }]) => ({
      value: new AmqpDescribed(code, value),
      encoded: encodeDescribed(code, encoded),
    })),
  ),
  leaf: fc.oneof(
    fc.constant({ value: null, encoded: NULL }),
    fc.boolean().map((value) => ({ value, encoded: encodeBoolean(value) })),
    fc.nat({ max: 255 }).map((value) => ({ value, encoded: encodeUbyte(value) })),
    fc.nat({ max: 65_535 }).map((value) => ({ value, encoded: encodeUshort(value) })),
    uint32.map((value) => ({ value, encoded: encodeUint(value) })),
    uint32.map((value) => ({ value, encoded: encodeUlong(value) })),
    fc.string({ maxLength: 400, unit: 'binary' }).map((value) => ({ value, encoded: encodeString(value) })),
    fc.string({ maxLength: 300 }).map((name) => ({ value: new AmqpSymbol(name), encoded: encodeSymbol(name) })),
    fc.uint8Array({ maxLength: 400 }).map((value) => ({ value, encoded: encodeBinary(value) })),
    fc.array(fc.string({ maxLength: 9 }), { maxLength: 40 }).map((names) => ({
      value: names.map((name) => new AmqpSymbol(name)),
      encoded: encodeSymbols(names),
    })),
  ),
}))

/** What the specification's types look like, and what they are here. */
const OTHER_TYPES: readonly (readonly [string, string, AmqpValue])[] = [
  ['a boolean with a byte of its own', '5601', true],
  ['a negative byte', '51ff', -1],
  ['a negative short', '61fffe', -2],
  ['a small int', '54fd', -3],
  ['an int', '71fffffffc', -4],
  ['a small long', '55fb', -5],
  ['a long', '81fffffffffffffffa', -6],
  ['a ulong beyond 2^53', '80ffffffffffffffff', 18_446_744_073_709_551_615n],
  ['a float', '723fc00000', 1.5],
  ['a double', '823ff8000000000000', 1.5],
  ['a character', '7300000041', 0x41],
  ['a timestamp', '83000001000000002a', 1_099_511_627_818],
  ['a decimal', '7401020304', Uint8Array.of(1, 2, 3, 4)],
  ['a UUID', `98${'0f'.repeat(16)}`, new Uint8Array(16).fill(15)],
]

describe('AMQP 1.0 values', () => {
  test('come back as they were encoded, however deep', () => {
    fc.assert(
      fc.property(arbitraryPair, ({ value, encoded }) => {
        const reader = readerOf(encoded)
        assert.deepEqual(readValue(reader), value)
        assert.equal(reader.position, encoded.length)
      }),
    )
  })

  test('are passed over without being read', () => {
    fc.assert(
      fc.property(arbitraryPair, ({ encoded }) => {
        const reader = readerOf(encoded)
        reader.skip()
        assert.equal(reader.position, encoded.length)
      }),
    )
  })

  for (const [what, hex, expected] of OTHER_TYPES) {
    test(`${what} is read`, () => {
      assert.deepEqual(readValue(readerOf(Buffer.from(hex, 'hex'))), expected)
    })
  }

  test('arrays of compounds share one constructor', () => {
    assert.deepEqual(readValue(readerOf(Buffer.from('e00802c0020141020142', 'hex'))), [[true], [false]])
    assert.deepEqual(readValue(readerOf(Buffer.from('e0020145', 'hex'))), [[]])
    const described = readValue(readerOf(Buffer.from('e00702005324500708', 'hex')))
    assert.deepEqual(described, [new AmqpDescribed(0x24, 7), new AmqpDescribed(0x24, 8)])
  })

  test('cut short anywhere are an error with its offset, never a value', () => {
    fc.assert(
      fc.property(arbitraryPair, ({ encoded }) => {
        for (let length = 0; length < encoded.length; length += 1 + (length >> 4)) {
          assert.throws(() => readValue(readerOf(encoded.subarray(0, length))), Amqp10ProtocolError)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('of random bytes are a value or a typed error, and nothing is read beyond the end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const read of [readValue, (reader: ReturnType<typeof readerOf>) => reader.skip()]) {
          const reader = readerOf(bytes)
          try {
            read(reader)
          } catch (error) {
            assert.ok(error instanceof Amqp10ProtocolError, String(error))
          }
          assert.ok(reader.position <= bytes.length)
        }
      }),
      { numRuns: 2000 },
    )
  })

  for (const [what, hex] of [
    ['a binary longer than what came', 'b0ffffffff00'],
    ['a list longer than what came', 'd0fffffff000000001'],
    ['a list of more elements than bytes', 'd000000008ffffffff40404040'],
    ['an array of two billion nulls', 'f0000000057fffffff40'],
    ['an element beyond its list', 'c00201a1'],
    ['a map with a key and no value', 'c1020140'],
    ['an unknown constructor', '10'],
  ] as const) {
    test(`${what} is refused before anything is allocated`, () => {
      assert.throws(() => readValue(readerOf(Buffer.from(hex, 'hex'))), Amqp10ProtocolError)
    })
  }

  test('within values within values are refused beyond the limit', () => {
    let nested: Encoded = NULL
    for (let depth = 0; depth < 16; depth++) nested = encodeList([nested])
    assert.ok(Array.isArray(readValue(readerOf(nested))))
    assert.throws(() => readValue(readerOf(encodeList([nested]))), /fewer values within values/)
    assert.throws(() => readValue(readerOf(new Uint8Array(100_000))), /fewer values within values/)
  })

  test('properties are read whether their keys and values are symbols or strings', () => {
    const entries = [encodeSymbol('product'), encodeString('ActiveMQ'), encodeString('version'), encodeSymbol('5')]
    assert.deepEqual(propertiesOf(readValue(readerOf(encodeMap(entries)))), { product: 'ActiveMQ', version: '5' })
    assert.deepEqual(propertiesOf(null), {})
  })

  test('descriptors may be symbols', () => {
    assert.equal(descriptorOfName('amqp:transfer:list'), 0x14)
    assert.equal(descriptorOfName('amqp:delivery-annotations:map'), 0x71)
    assert.equal(descriptorOfName('amqp:data:binary'), 0x75)
    assert.equal(descriptorOfName('amqp:nobody:list'), -1)
  })
})
