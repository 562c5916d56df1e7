import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '../support/properties.ts'
import { UnsettledWindow } from '../../src/driver/unsettled-window.ts'

test('a single settlement is told once, in any order', () => {
  const window = accepting(3)
  assert.equal(window.settle(1), 'open')
  assert.equal(window.settle(1), 'none')
  assert.equal(window.settle(0), 'open')
  assert.equal(window.settle(3), 'none', 'never published')
})

test('the lowest that is not settled goes on only when everything below is', () => {
  const window = accepting(3)
  window.settle(1)
  assert.equal(window.lowest, 0)
  window.settle(0)
  assert.equal(window.lowest, 2)
  window.settle(2)
  assert.equal(window.lowest, 3, 'the next to be published')
})

test('a cumulative settlement gives the ranges that single ones have left', () => {
  const window = accepting(6)
  window.settle(2)
  assert.deepEqual(settledThrough(window, 4), ['0..1', '3..4'])
  assert.deepEqual(settledThrough(window, 99), ['5..5'], 'more than was published is everything')
})

test('a marked message is told as marked and splits its range', () => {
  const window = accepting(5)
  window.mark(2)
  assert.deepEqual(settledThrough(window, 4), ['0..1', '2..2 marked', '3..4'])
})

test('a message accepted while a range is reported is not settled with it', () => {
  const window = accepting(64)
  let next = 64
  window.settleThrough(63, (first, last) => {
    for (let sequence = first; sequence <= last + 40; sequence++) window.accept(next++)
  })
  assert.deepEqual(settledThrough(window, next - 1), [`64..${next - 1}`])
})

test('a lost connection settles what is open and nothing else', () => {
  const window = accepting(4)
  window.settle(1)
  const ranges: string[] = []
  window.settleAll((first, last) => ranges.push(`${first}..${last}`))
  assert.deepEqual(ranges, ['0..0', '2..3'])
  assert.deepEqual(settledThrough(window, 3), [])
})

test('every message is settled exactly once, whatever the order of confirms', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('accept'), count: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ kind: fc.constant('settle'), back: fc.integer({ min: 0, max: 100 }) }),
    fc.record({ kind: fc.constant('through'), back: fc.integer({ min: 0, max: 100 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const window = new UnsettledWindow()
      const settled: number[] = []
      const report = (first: number, last: number): void => {
        for (let sequence = first; sequence <= last; sequence++) settled.push(sequence)
      }
      let next = 0
      for (const each of steps) {
        if ('count' in each) for (let count = 0; count < each.count; count++) window.accept(next++)
        else if (each.kind === 'through') window.settleThrough(next - 1 - each.back, report)
        else if (window.settle(next - 1 - each.back) !== 'none') settled.push(next - 1 - each.back)
      }
      window.settleAll(report)
      assert.deepEqual(
        settled.sort((a, b) => a - b),
        Array.from({ length: next }, (_, index) => index),
      )
    }),
  )
})

function accepting(count: number): UnsettledWindow {
  const window = new UnsettledWindow()
  for (let sequence = 0; sequence < count; sequence++) window.accept(sequence)
  return window
}

function settledThrough(window: UnsettledWindow, last: number): string[] {
  const ranges: string[] = []
  window.settleThrough(last, (first, until, marked) => ranges.push(`${first}..${until}${marked ? ' marked' : ''}`))
  return ranges
}
