import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeliveryLedger, type DeliveryKind } from '../../../src/measure/delivery-ledger.ts'
import { faultyStream } from './faulty-stream.ts'

test('the stream has losses, duplicates and late messages in the shares that the page names', () => {
  const stream = faultyStream(100_000)
  const consumer = new DeliveryLedger(false).forConsumer(0)
  const kinds: Record<DeliveryKind, number> = { first: 0, late: 0, repeat: 0 }
  for (const sequence of stream) kinds[consumer.receive(0, sequence)]++
  assert.equal(kinds.first + kinds.late + kinds.repeat, 100_000)
  assert.ok(Math.abs(kinds.late - 100) <= 1, `${kinds.late} late`)
  assert.ok(Math.abs(kinds.repeat - 200) <= 1, `${kinds.repeat} twice`)
  const newest = Math.max(...stream.slice(-100))
  assert.ok(Math.abs(newest - (kinds.first + kinds.late) - 100) <= 1, `${newest} is the newest`)
})
