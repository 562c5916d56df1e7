import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Carry } from '../../src/protocol/carry.ts'

const CHUNK = new Uint8Array(64 * 1024).fill(7)

/** Puts a frame of so many bytes together, chunk by chunk; returns the most room that it took. */
function carried(carry: Carry, frameBytes: number): number {
  let roomBytes = 0
  while (carry.length < frameBytes) {
    carry.append(CHUNK, 0, Math.min(CHUNK.length, frameBytes - carry.length), frameBytes)
    roomBytes = Math.max(roomBytes, carry.bytes.length)
  }
  assert.equal(carry.bytes[frameBytes - 1], 7)
  carry.clear()
  return roomBytes
}

describe('the room of a split frame', () => {
  test('holds what was put there', () => {
    const carry = new Carry()
    for (let chunk = 0; chunk < 46; chunk++) carry.append(CHUNK.fill(chunk), 0, CHUNK.length, 3_014_656)
    const found = [...Array(46).keys()].map((chunk) =>
      carry.bytes.subarray(chunk * CHUNK.length, (chunk + 1) * CHUNK.length).every((octet) => octet === chunk),
    )
    CHUNK.fill(7)
    assert.deepEqual(found, Array(46).fill(true))
  })

  test('is never more than the frame, nor more than twice of what has arrived', () => {
    const carry = new Carry()
    carry.append(CHUNK, 0, 5000, 3_000_000)
    assert.ok(carry.bytes.length <= 10_000)
    assert.equal(carried(new Carry(), 3_000_000), 3_000_000)
  })

  test('is made once for frames of one size, however large', () => {
    const carry = new Carry()
    carried(carry, 1_049_000)
    const { bytes } = carry
    for (let frame = 0; frame < 100; frame++) carried(carry, 1_049_000)
    assert.equal(carry.bytes, bytes)
  })

  test('is given back once frames have become small', () => {
    const carry = new Carry()
    carried(carry, 3_000_000)
    for (let frame = 0; frame < 100; frame++) carried(carry, 100_000)
    assert.ok(carry.bytes.length <= 200_000)
  })
})
