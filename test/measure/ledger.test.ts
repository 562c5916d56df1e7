import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../support/properties.ts'
import { DeliveryLedger } from '../../src/measure/delivery-ledger.ts'
import { reconcile } from '../../src/measure/reconcile.ts'
import { compareSequences, countFrom, SequenceSet } from '../../src/measure/sequence-set.ts'

const sequences = fc.array(fc.nat(200_000), { maxLength: 400 })

function setOf(values: Iterable<number>): SequenceSet {
  const set = new SequenceSet()
  for (const value of values) set.add(value)
  return set
}

describe('a sequence set', () => {
  test('is exact: size, repeats and differences are those of a set of numbers', () => {
    fc.assert(
      fc.property(sequences, sequences, (left, right) => {
        const a = new Set(left)
        const b = new Set(right)
        assert.equal(setOf(left).size, a.size)
        const compared = compareSequences([setOf(left).toChunks()], [setOf(right).toChunks()])
        assert.deepEqual(compared, {
          inA: a.size,
          inB: b.size,
          onlyInA: [...a].filter((value) => !b.has(value)).length,
          onlyInB: [...b].filter((value) => !a.has(value)).length,
        })
        assert.equal(countFrom([setOf(left).toChunks()], 70_000), [...a].filter((value) => value >= 70_000).length)
      }),
    )
  })

  test('keeps no bits of a full chunk, and still knows what is in it', () => {
    const set = new SequenceSet()
    set.addRange(0, 70_000)
    assert.deepEqual(
      set.toChunks().map((chunk) => chunk.bits === null),
      [true, false],
    )
    assert.equal(set.add(5), false)
    assert.equal(set.add(70_000), false)
    assert.equal(set.add(70_001), true)
  })

  test('a union over threads is compared as one', () => {
    const even = setOf([0, 2, 4])
    const odd = setOf([1, 3])
    const compared = compareSequences([setOf([0, 1, 2, 3, 4, 5]).toChunks()], [even.toChunks(), odd.toChunks()])
    assert.deepEqual(compared, { inA: 6, inB: 5, onlyInA: 1, onlyInB: 0 })
  })
})

describe('the delivery ledger', () => {
  test('tells first, late and repeated deliveries apart, order by consumer, repeats by thread', () => {
    const ledger = new DeliveryLedger(false)
    const one = ledger.forConsumer(0)
    const two = ledger.forConsumer(1)
    assert.deepEqual(
      [one.receive(0, 0), one.receive(0, 5), one.receive(0, 3), one.receive(0, 3)],
      ['first', 'first', 'late', 'repeat'],
    )
    assert.equal(two.receive(0, 4), 'first')
    assert.equal(two.receive(0, 5), 'repeat')
    assert.equal(two.receive(7, 0), 'first')
    assert.equal(one.receive(0, 6), 'first')
  })

  test('with topics every subscription has its own books', () => {
    const ledger = new DeliveryLedger(true)
    assert.equal(ledger.forConsumer(0).receive(0, 0), 'first')
    assert.equal(ledger.forConsumer(1).receive(0, 0), 'first')
    const due = [{ producer: 0, attempted: 2, due: setOf([0, 1]).toChunks(), refused: [] }]
    const found = reconcile(due, ledger.toReceivedSets(), [
      { scope: 0, producers: [0] },
      { scope: 1, producers: [0] },
    ])
    assert.deepEqual(found, { received: 2, missing: 2, recovered: 0, aborted: 0, impossible: 0, overlap: 0 })
  })

  test('what came without being due is recovered, or aborted if it had been refused; what was never sent is impossible', () => {
    const ledger = new DeliveryLedger(false)
    const consumer = ledger.forConsumer(0)
    for (const sequence of [0, 1, 2, 9]) consumer.receive(0, sequence)
    const found = reconcile(
      [{ producer: 0, attempted: 4, due: setOf([0, 3]).toChunks(), refused: setOf([1]).toChunks() }],
      ledger.toReceivedSets(),
      [{ scope: 0, producers: [0] }],
    )
    assert.deepEqual(found, { received: 3, missing: 1, recovered: 2, aborted: 1, impossible: 1, overlap: 0 })
  })

  test('what two threads received is there once, and overlaps for each time after the first', () => {
    const [one, two, three] = [new DeliveryLedger(false), new DeliveryLedger(false), new DeliveryLedger(false)]
    for (const sequence of [0, 1, 2]) one.forConsumer(0).receive(0, sequence)
    for (const sequence of [1, 2, 3]) two.forConsumer(1).receive(0, sequence)
    three.forConsumer(2).receive(0, 2)
    const found = reconcile(
      [{ producer: 0, attempted: 4, due: setOf([0, 1, 2, 3]).toChunks(), refused: [] }],
      [one, two, three].flatMap((ledger) => ledger.toReceivedSets()),
      [{ scope: 0, producers: [0] }],
    )
    assert.deepEqual(found, { received: 4, missing: 0, recovered: 0, aborted: 0, impossible: 0, overlap: 3 })
  })
})
