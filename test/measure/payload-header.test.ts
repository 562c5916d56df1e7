import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { crc32 } from 'node:zlib'
import fc from '../support/properties.ts'
import { PayloadHeader } from '../../src/measure/payload-header.ts'

const RUN = 0xdeadbeef

describe('the payload header', () => {
  test('gives back what was written, at any place in a buffer and for any size of body', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 32, max: 5_000 }),
        fc.nat(65_535),
        fc.maxSafeNat(),
        fc.double({ min: 0, max: 1e15, noNaN: true }),
        fc.nat(2 ** 31),
        fc.nat(63),
        (bytes, producer, sequence, intendedUs, lagUs, offset) => {
          const header = new PayloadHeader(RUN, bytes)
          const body = new Uint8Array(bytes + offset).subarray(offset)
          header.write(body, producer, sequence, intendedUs, lagUs)
          const reader = new PayloadHeader(RUN, bytes)
          assert.equal(reader.read(body), 'ours')
          assert.deepEqual(
            [reader.producer, reader.sequence, reader.intendedUs, reader.sendLagUs],
            [producer, sequence, intendedUs, lagUs],
          )
        },
      ),
    )
  })

  test('any changed bit of the header, and any other length, is noticed', () => {
    const header = new PayloadHeader(RUN, 100)
    const body = new Uint8Array(100)
    header.write(body, 3, 4, 5.5, 6)
    for (let bit = 0; bit < 32 * 8; bit++) {
      const changed = Uint8Array.from(body)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.notEqual(header.read(changed), 'ours', `bit ${bit}`)
    }
    assert.equal(header.read(body.subarray(0, 99)), 'corrupt')
    assert.equal(header.read(body.subarray(0, 20)), 'foreign')
  })

  test(
    'holds a CRC-32 over the first 28 bytes and the length, as zlib computes it',
    { skip: typeof crc32 !== 'function' ? 'this Node has no zlib.crc32' : false },
    () => {
      const body = new Uint8Array(64)
      new PayloadHeader(RUN, 64).write(body, 1, 2, 3, 4)
      const length = new Uint8Array(new Uint32Array([64]).buffer)
      const expected = crc32(Buffer.concat([body.subarray(0, 28), length]))
      assert.equal(new DataView(body.buffer).getUint32(28, true), expected)
    },
  )

  test('a message of another run is foreign, in both forms', () => {
    for (const bytes of [12, 31, 32, 1_024]) {
      const body = new Uint8Array(bytes)
      new PayloadHeader(1, bytes).write(body, 0, 0, 0, 0)
      assert.equal(new PayloadHeader(1, bytes).read(body), 'ours')
      assert.equal(new PayloadHeader(2, bytes).read(body), 'foreign')
    }
  })

  test('the short form carries producer and sequence, and no time', () => {
    const header = new PayloadHeader(RUN, 12)
    const body = new Uint8Array(12)
    header.write(body, 65_535, 2 ** 40, 123, 4)
    assert.equal(header.hasTime, false)
    assert.equal(header.read(body), 'ours')
    assert.deepEqual([header.producer, header.sequence], [65_535, 2 ** 40])
    assert.ok(Number.isNaN(header.intendedUs))
  })

  test('a body without room for a header is refused', () => {
    assert.throws(() => new PayloadHeader(RUN, 11), /11 bytes/)
  })
})
