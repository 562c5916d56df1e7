import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Blockage } from '../../src/driver/blockage.ts'

test('two causes at once are one blocking, lifted when the last is gone', () => {
  const { blockage, events } = recorded()
  blockage.block('socket')
  blockage.block('broker')
  blockage.block('socket')
  blockage.unblock('socket')
  assert.equal(blockage.isBlocked, true)
  blockage.unblock('broker')
  assert.deepEqual(events, ['blocked: socket', 'unblocked'])
})

test('lifting what does not hold back says nothing', () => {
  const { blockage, events } = recorded()
  blockage.unblock('credit')
  assert.deepEqual(events, [])
})

test('the end lifts what is left, once, and nothing blocks after it', () => {
  const { blockage, events } = recorded()
  blockage.block('credit')
  blockage.end()
  blockage.end()
  blockage.block('socket')
  assert.deepEqual(events, ['blocked: credit', 'unblocked'])
})

function recorded(): { readonly blockage: Blockage; readonly events: string[] } {
  const events: string[] = []
  const blockage = new Blockage({
    onBlocked: (reason) => events.push(`blocked: ${reason}`),
    onUnblocked: () => events.push('unblocked'),
  })
  return { blockage, events }
}
