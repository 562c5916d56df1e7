import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { COUNTER_NAMES, type CounterTotals } from '../../src/measure/counters.ts'
import { drain, type DrainView } from '../../src/run/drain.ts'

/** A broker after the last publish, on a clock that only sleeping moves. */
interface Scene {
  readonly confirmed: number
  /** Messages delivered by then, milliseconds after the last publish. */
  readonly deliveredAt: (milliseconds: number) => number
  readonly depth?: number | null
  readonly overAtMs?: number
  readonly interruptedAtMs?: number
  /** Confirmed and delivered at once, one a millisecond until then or until the drain stops the producer. */
  readonly sendingUntilMs?: number
}

function viewOf(scene: Scene): { readonly view: DrainView; readonly elapsedMs: () => number } {
  let nowMs = 0
  let lastMs = 0
  let delivered = 0
  let stoppedMs = scene.sendingUntilMs ?? 0
  const look = () => {
    const now = scene.deliveredAt(Math.min(nowMs, scene.sendingUntilMs === undefined ? Infinity : stoppedMs))
    if (now > delivered) lastMs = nowMs
    delivered = Math.max(delivered, now)
    return delivered
  }
  const view: DrainView = {
    nowUs: () => nowMs * 1_000,
    sleep: (milliseconds) => {
      nowMs += milliseconds
      look()
      return Promise.resolve()
    },
    counters: () => ({
      ...zero,
      confirmed: scene.sendingUntilMs === undefined ? scene.confirmed : look(),
      delivered: look(),
      lastEventUs: lastMs * 1_000,
      producersDone: nowMs >= stoppedMs ? 1 : 0,
    }),
    p999Us: () => 1_000,
    reconcile: () =>
      Promise.resolve({
        received: look(),
        missing: scene.sendingUntilMs === undefined ? scene.confirmed - look() : 0,
        ...{ recovered: 0, aborted: 0, impossible: 0, overlap: 0 },
      }),
    depth: () => Promise.resolve(scene.depth ?? null),
    stop: () => {
      stoppedMs = Math.min(stoppedMs, nowMs)
    },
    isOver: () => nowMs >= (scene.overAtMs ?? Infinity),
    isInterrupted: () => nowMs >= (scene.interruptedAtMs ?? Infinity),
  }
  return { view, elapsedMs: () => nowMs }
}

const zero = Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0])) as unknown as CounterTotals
const DEADLINE_US = 30e6

describe('the drain', () => {
  test('is over after 200 ms of quiet when everything has arrived', async () => {
    const { view, elapsedMs } = viewOf({ confirmed: 10, deliveredAt: (ms) => Math.min(10, ms / 10) })
    const { drained, reconciliation } = await drain(view, 1, DEADLINE_US, 1)
    assert.deepEqual([drained, reconciliation.missing], [true, 0])
    assert.ok(elapsedMs() >= 300 && elapsedMs() < 400, `${elapsedMs()} ms`)
  })

  test('waits for messages that were held back for 8 s: they are not lost', async () => {
    const { view, elapsedMs } = viewOf({ confirmed: 200, deliveredAt: (ms) => (ms < 8_000 ? 100 : 200) })
    const { drained, reconciliation } = await drain(view, 1, DEADLINE_US, 1)
    assert.deepEqual([drained, reconciliation.missing], [true, 0])
    assert.ok(elapsedMs() < 9_000)
  })

  test('calls missing messages lost when the destinations are known to be empty', async () => {
    const { view } = viewOf({ confirmed: 200, deliveredAt: () => 100, depth: 0 })
    const { drained, reconciliation } = await drain(view, 1, DEADLINE_US, 1)
    assert.deepEqual([drained, reconciliation.missing], [true, 100])
  })

  test('calls them indeterminate when they still lie in the broker', async () => {
    const { view } = viewOf({ confirmed: 200, deliveredAt: () => 100, depth: 100 })
    assert.equal((await drain(view, 1, DEADLINE_US, 1)).drained, false)
  })

  test('without a known depth, long silence means empty, and deliveries up to the end do not', async () => {
    const silent = viewOf({ confirmed: 200, deliveredAt: () => 100 })
    assert.equal((await drain(silent.view, 1, DEADLINE_US, 1)).drained, true)
    const busy = viewOf({ confirmed: 1_000_000, deliveredAt: (ms) => ms })
    assert.equal((await drain(busy.view, 1, DEADLINE_US, 1)).drained, false)
  })

  test('ends at once when a connection is lost', async () => {
    const { view, elapsedMs } = viewOf({ confirmed: 200, deliveredAt: () => 100, overAtMs: 1_000 })
    assert.equal((await drain(view, 1, DEADLINE_US, 1)).drained, false)
    assert.ok(elapsedMs() < 1_100)
  })

  test('waits two more seconds for what is under way when the user interrupts it', async () => {
    const { view, elapsedMs } = viewOf({ confirmed: 200, deliveredAt: () => 100, interruptedAtMs: 2_000 })
    assert.equal((await drain(view, 1, DEADLINE_US, 1)).drained, false)
    assert.ok(elapsedMs() >= 4_000 && elapsedMs() < 4_100, `${elapsedMs()} ms`)
  })

  test('interrupted is over as soon as everything has arrived', async () => {
    const arrives = (ms: number) => (ms < 1_500 ? 100 : 200)
    const { view, elapsedMs } = viewOf({ confirmed: 200, deliveredAt: arrives, interruptedAtMs: 1_000 })
    const { drained, reconciliation } = await drain(view, 1, DEADLINE_US, 1)
    assert.deepEqual([drained, reconciliation.missing], [true, 0])
    assert.ok(elapsedMs() < 1_800, `${elapsedMs()} ms`)
  })

  test('interrupted stops a generator that is behind its schedule', async () => {
    const { view, elapsedMs } = viewOf({
      confirmed: 0,
      deliveredAt: (ms) => ms,
      sendingUntilMs: 20_000,
      interruptedAtMs: 1_000,
    })
    const { drained, reconciliation } = await drain(view, 1, DEADLINE_US, 1)
    assert.deepEqual([drained, reconciliation.received], [true, view.counters().delivered])
    assert.ok(elapsedMs() < 1_300, `${elapsedMs()} ms`)
  })

  test('waits for a generator that is behind its schedule, however quiet it was for a while', async () => {
    const sendsAt = (ms: number) => (ms < 100 ? 10 : ms < 3_000 ? 20 : 30)
    const { view, elapsedMs } = viewOf({ confirmed: 0, deliveredAt: sendsAt, sendingUntilMs: 3_000 })
    const { drained, reconciliation } = await drain(view, 1, DEADLINE_US, 1)
    assert.deepEqual([drained, reconciliation.received], [true, 30])
    assert.ok(elapsedMs() < 3_500, `${elapsedMs()} ms`)
  })

  test('stops producers that still send at the deadline: the ledger and the counters are of one instant', async () => {
    const { view } = viewOf({ confirmed: 0, deliveredAt: (ms) => ms, sendingUntilMs: Infinity })
    const { drained, reconciliation } = await drain(view, 1, DEADLINE_US, 1)
    assert.equal(drained, true)
    assert.equal(reconciliation.received, view.counters().delivered)
    await view.sleep(1_000)
    assert.equal(reconciliation.received, view.counters().delivered)
  })

  test('with three subscriptions waits for three deliveries of each message', async () => {
    const { view, elapsedMs } = viewOf({ confirmed: 10, deliveredAt: (ms) => Math.min(30, ms / 100) })
    await drain(
      {
        ...view,
        reconcile: () =>
          Promise.resolve({ received: 30, missing: 0, recovered: 0, aborted: 0, impossible: 0, overlap: 0 }),
      },
      1,
      DEADLINE_US,
      3,
    )
    assert.ok(elapsedMs() >= 3_000, `${elapsedMs()} ms`)
  })
})
