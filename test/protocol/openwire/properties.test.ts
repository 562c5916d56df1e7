import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { Dispatch } from '../../../src/protocol/openwire/dispatch.ts'
import { FrameReader } from '../../../src/protocol/openwire/frame-reader.ts'
import { MessageTemplate } from '../../../src/protocol/openwire/message-template.ts'
import type { MessageSpec } from '../../../src/protocol/openwire/message-template.ts'
import { marshalProperties, readPrimitiveMap } from '../../../src/protocol/openwire/primitive-map.ts'
import { PRODUCER } from './broker-frames.ts'
import { errorText, hexBytes, joined } from './seen-frames.ts'

const SPEC = {
  producer: PRODUCER,
  destination: { kind: 'queue', name: 'q' },
  persistent: true,
  responseRequired: true,
} as const

function readerOf(bytes: Uint8Array): FrameReader {
  const fields = new FrameReader()
  fields.open(bytes, 0, bytes.length, 0)
  return fields
}

/** A message by the template, as a broker dispatches it. */
function dispatched(spec: MessageSpec, timestampMs: number): Dispatch {
  const template = new MessageTemplate(spec)
  if (spec.transactedBy !== undefined) template.setTransaction(9)
  const frame = new Uint8Array(template.frameBytes(3))
  assert.equal(template.write(frame, 0, 1, 1, timestampMs, hexBytes('010203')), frame.length)
  const dispatch = new Dispatch()
  dispatch.read(readerOf(joined([hexBytes('00000001 00 00 00 01'), frame.subarray(4), hexBytes('00000000')])))
  assert.deepEqual(Buffer.from(dispatch.body()), Buffer.from('010203', 'hex'))
  return dispatch
}

describe('what a message carries beside its body', () => {
  test('texts come back as they were written, the long and the strange ones too', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('€'.repeat(30_000)), fc.constant('\0x'))
    const names = fc.string({ minLength: 1, maxLength: 10, unit: fc.constantFrom('a', 'B', '_', '9') })
    fc.assert(
      fc.property(fc.dictionary(names, text, { noNullPrototype: true }), (properties) => {
        const read = readPrimitiveMap(readerOf(marshalProperties(properties)))
        assert.deepEqual(Object.fromEntries(read), properties)
      }),
    )
  })

  test('two texts are the bytes that Java writes', () => {
    const hex = '00000002 0001 61 09 0001 31 0001 62 09 0003 e282ac'
    assert.deepEqual(Buffer.from(marshalProperties({ a: '1', b: '€' })), Buffer.from(hexBytes(hex)))
  })

  test('values of every kind are read or passed over', () => {
    const entries: readonly [name: string, hex: string, value: number | string | undefined][] = [
      ['a', '00', undefined],
      ['b', '01 01', 1],
      ['c', '02 ff', -1],
      ['d', '03 20ac', 0x20ac],
      ['e', '04 fffe', -2],
      ['f', '05 fffffffd', -3],
      ['g', '06 ffffffff fffffffc', -4],
      ['h', '07 3ff8000000000000', 1.5],
      ['i', '08 c0200000', -2.5],
      ['j', '09 0002 6f6b', 'ok'],
      ['k', '0a 00000002 0102', undefined],
      ['l', '0b 00000001 0001 78 05 00000001', undefined],
      ['m', '0c 00000002 01 00 0c 00000000', undefined],
      ['n', '0d 00000002 6f6b', 'ok'],
    ]
    const body = entries.map(([name, hex]) => `0001 ${Buffer.from(name).toString('hex')} ${hex}`).join('')
    const read = readPrimitiveMap(readerOf(hexBytes(`0000000e ${body}`)))
    for (const [name, , value] of entries) assert.equal(read.get(name), value, name)
  })

  test('random bytes are properties or a typed error', () => {
    const octets = fc.array(fc.oneof(fc.constantFrom(0, 0, 1, 9, 11, 12, 13), fc.nat(255)), { maxLength: 120 })
    fc.assert(
      fc.property(octets, (bytes) => {
        try {
          readPrimitiveMap(readerOf(Uint8Array.from([0, 0, 0, ...bytes])))
        } catch (error) {
          errorText(error)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('lists in lists are refused, instead of followed as deep as the frame is long', () => {
    const deep = joined([
      hexBytes('00000001 0001 61'),
      ...Array.from({ length: 50_000 }, () => hexBytes('0c 00000001')),
    ])
    assert.throws(() => readPrimitiveMap(readerOf(deep)), /no more than 16 maps and lists in each other/)
  })

  test('time to live, priority, properties and transaction stand where a broker reads them', () => {
    const properties = marshalProperties({ region: 'eu' })
    const plain = dispatched(SPEC, 1000)
    assert.deepEqual([plain.expirationMs, plain.timestampMs, plain.priority], [0, 1000, 4])
    assert.deepEqual([plain.isTransacted, plain.propertiesStart === plain.propertiesEnd], [false, true])
    const full = dispatched({ ...SPEC, ttlMs: 500, priority: 7, properties, transactedBy: 'ID:t' }, 1_700_000_000_000)
    assert.deepEqual([full.expirationMs, full.timestampMs, full.priority], [1_700_000_000_500, 1_700_000_000_000, 7])
    assert.equal(full.isTransacted, true)
    assert.deepEqual(
      Buffer.from(full.buffer.subarray(full.propertiesStart, full.propertiesEnd)),
      Buffer.from(properties),
    )
  })
})
