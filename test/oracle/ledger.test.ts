/** The ledger finds exactly what the stub injects (method.md R6.2), alone and through competing consumers on several workers. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CONSTANT_RATE } from '../support/open-load.ts'
import { runVirtualCell } from './virtual-cell.ts'

const MESSAGES = 1_000_000
const OPEN = { ...CONSTANT_RATE, ratePerSecond: 200_000, inFlight: 1_000_000 } as const
const FAULTS = { dropEvery: '1000', duplicateEvery: '500', reorderEvery: '997', reorderBy: '50' }

describe('the ledger', () => {
  for (const { consumers, workers } of [
    { consumers: 1, workers: 1 },
    { consumers: 4, workers: 4 },
  ]) {
    test(`counts injected loss, duplication and reordering exactly through ${consumers} consumers on ${workers} workers`, async () => {
      const { injected, reconciliation, totals, depth } = await runVirtualCell({
        load: OPEN,
        consumers,
        workers,
        shared: true,
        faults: FAULTS,
      })
      assert.equal(totals.sent, MESSAGES)
      assert.equal(totals.confirmed, MESSAGES)
      assert.equal(injected.dropped, 1_000)
      assert.equal(reconciliation.missing, injected.dropped)
      assert.ok(injected.duplicated > 900)
      assert.equal(totals.deliveries - reconciliation.received, injected.duplicated)
      assert.ok(injected.reordered > 900)
      assert.equal(totals.late, injected.reordered)
      assert.equal(reconciliation.received, MESSAGES - injected.dropped)
      assert.equal(reconciliation.impossible + reconciliation.recovered + totals.unexpected + totals.corrupt, 0)
      assert.equal(depth, 0)
    })
  }

  test('calls unanswered messages unknown, never lost', async () => {
    const { injected, reconciliation, totals } = await runVirtualCell({
      load: { ...OPEN, ratePerSecond: 2_000 },
      faults: { loseUnconfirmed: '100' },
    })
    assert.equal(injected.unanswered, 100)
    assert.equal(totals.outstanding, 100)
    assert.equal(reconciliation.missing, 0)
  })

  test('counts a changed byte in the header as corrupt', async () => {
    const { injected, totals } = await runVirtualCell({
      load: { ...OPEN, ratePerSecond: 2_000 },
      faults: { corruptEvery: '50' },
    })
    assert.ok(injected.corrupted > 100)
    assert.equal(totals.corrupt, injected.corrupted)
  })

  test('misses messages that are held back for good, and finds those that are released', async () => {
    const held = await runVirtualCell({ load: { ...OPEN, ratePerSecond: 2_000 }, faults: { holdBack: '100' } })
    assert.equal(held.reconciliation.missing, 100)
    assert.equal(held.depth, 100)
    const released = await runVirtualCell({
      load: { ...OPEN, ratePerSecond: 2_000 },
      faults: { holdBack: '100', holdBackMs: '8000' },
    })
    assert.equal(released.reconciliation.missing, 0)
    assert.equal(released.depth, 0)
  })

  test('sends exactly what the schedule says: 60 s at 3,333.3/s are 199,998 messages over 7 producers on 3 workers', async () => {
    const { totals } = await runVirtualCell({
      load: { ...CONSTANT_RATE, ratePerSecond: 3_333.3, inFlight: 1_000 },
      producers: 7,
      consumers: 7,
      workers: 3,
      measureSeconds: 60,
    })
    assert.equal(totals.offered, 199_998)
    assert.equal(totals.delivered, 199_998)
  })

  test('a rate below the number of producers works: 10 producers at 2/s send 10 messages in 5 s', async () => {
    const { totals } = await runVirtualCell({
      load: { ...CONSTANT_RATE, ratePerSecond: 2, inFlight: 10 },
      producers: 10,
      consumers: 10,
      workers: 2,
    })
    assert.equal(totals.delivered, 10)
  })

  test('-C counts measured messages per producer, warm-up excluded', async () => {
    const { totals } = await runVirtualCell({
      load: { model: 'closed', inFlight: 5 },
      producers: 3,
      consumers: 3,
      warmupSeconds: 1,
      measureSeconds: 1_000,
      messagesPerProducer: 250,
      faults: { serviceMicros: '1000' },
    })
    assert.equal(totals.producersDone, 3)
    assert.equal(totals.sentMeasured, 750)
    assert.ok(totals.sent > 750)
    assert.equal(totals.delivered, totals.sent)
  })
})
