import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { TextBody } from '../../../src/driver/stomp/wire-text-body.ts'
import { Unsettled } from '../../../src/driver/stomp/wire-unsettled.ts'

describe('what is unsettled', () => {
  test('is the same as a plain set would say, in whatever order confirms come, beyond the window too', () => {
    const steps = fc.array(fc.oneof(fc.constant('publish' as const), fc.nat(60)), { maxLength: 200 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), steps, (window, moves) => {
        const unsettled = new Unsettled(window)
        const expected = new Set<number>()
        let next = 0
        for (const move of moves) {
          if (move === 'publish') {
            unsettled.add(next)
            expected.add(next++)
          } else {
            assert.equal(unsettled.settle(move), expected.delete(move))
          }
        }
        const left: number[] = []
        unsettled.settleAll((first, last) => {
          for (let sequence = first; sequence <= last; sequence++) left.push(sequence)
        })
        assert.deepEqual(left, [...expected])
        assert.equal(unsettled.count, 0)
      }),
    )
  })
})

describe('a text body', () => {
  test('is UTF-8, and comes back as the same bytes', () => {
    const text = new TextBody()
    const other = new TextBody()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (body) => {
        const encoded = text.encode(body)
        assert.equal(Buffer.from(encoded).toString('utf8'), Buffer.from(body).toString('latin1'))
        assert.deepEqual(other.decode(encoded), body)
      }),
    )
  })
})
