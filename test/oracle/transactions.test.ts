/** Producers commit after so many messages, and commit the rest at their end. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CONSTANT_RATE } from '../support/open-load.ts'
import { runVirtualCell } from './virtual-cell.ts'

describe('a producer with transactions of 10 messages', () => {
  const closed = { model: 'closed', inFlight: 25 } as const

  test('commits every 10, and the last 3 when its number is reached: nothing is missing', async () => {
    const { transactions, totals, reconciliation } = await runVirtualCell({
      load: closed,
      messagesPerProducer: 43,
      transactionMessages: 10,
    })
    assert.deepEqual(transactions, [10, 10, 10, 10, 3])
    assert.equal(totals.confirmed, 43)
    assert.equal(reconciliation.received, 43)
  })

  test('commits the rest when the time of an open model is over', async () => {
    const { transactions, totals, reconciliation } = await runVirtualCell({
      load: { ...CONSTANT_RATE, ratePerSecond: 7, inFlight: 1000 },
      measureSeconds: 5,
      transactionMessages: 10,
    })
    assert.deepEqual(transactions, [10, 10, 10, 5])
    assert.equal(totals.confirmed, 35)
    assert.equal(reconciliation.received, 35)
  })

  test('never commits where there are no transactions', async () => {
    const { transactions } = await runVirtualCell({ load: closed, messagesPerProducer: 43 })
    assert.deepEqual(transactions, [])
  })
})
