import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Carry } from '../../../src/protocol/openwire/carry.ts'

const CHUNK = new Uint8Array(64 * 1024).fill(7)

/** Puts a frame of so many bytes together, chunk by chunk; returns the most room that it took. */
function carried(carry: Carry, frameBytes: number): number {
  let roomBytes = 0
  while (carry.length < frameBytes) {
    carry.append(CHUNK, 0, Math.min(CHUNK.length, frameBytes - carry.length), frameBytes)
    roomBytes = Math.max(roomBytes, carry.bytes.length)
  }
  assert.ok(carry.bytes.subarray(0, frameBytes).every((octet) => octet === 7))
  carry.clear()
  return roomBytes
}

describe('the room of a split frame', () => {
  test('is never more than the frame, nor more than twice of what has arrived', () => {
    const carry = new Carry()
    carry.append(CHUNK, 0, 5000, 3_000_000)
    assert.ok(carry.bytes.length <= 10_000)
    assert.equal(carried(new Carry(), 3_000_000), 3_000_000)
  })

  test('is made once for frames of one size, however large', () => {
    const carry = new Carry()
    carried(carry, 3_000_000)
    const { bytes } = carry
    for (let frame = 0; frame < 100; frame++) carried(carry, 3_000_000)
    assert.equal(carry.bytes, bytes)
  })

  test('is given back once frames have become small', () => {
    const carry = new Carry()
    carried(carry, 3_000_000)
    for (let frame = 0; frame < 100; frame++) carried(carry, 100_000)
    assert.ok(carry.bytes.length <= 200_000)
  })
})
