/** R2.2 on real threads. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { clockSince, newEpochNs } from '../../src/measure/clock.ts'
import { isOneClock, type ClockProof } from '../../src/measure/clock-offset.ts'
import { ThreadPool } from '../../src/worker/crew.ts'
import { proveClocks } from '../../src/worker/prove-clocks.ts'

const THREADS = 2

describe('the clock proof', () => {
  const threads = new ThreadPool(THREADS)
  after(() => threads.destroy())

  test('finds that each thread reads the clock of the main thread', async () => {
    const epochNs = newEpochNs()
    const proofs = await proveClocks(threads.pool, THREADS, epochNs, clockSince(epochNs))
    assert.equal(proofs.length, THREADS)
    for (const proof of proofs) {
      assert.ok(isOneClock(proof), JSON.stringify(proof))
      assert.ok(proof.rounds >= 1_000)
    }
  })

  test('finds a shim that adds 1 ms, and 1.000 ms lies in the bound', async () => {
    const epochNs = newEpochNs()
    const clock = clockSince(epochNs)
    // Seen from a clock that is 1 ms behind, the others are 1 ms ahead.
    const shimmed = { nowUs: () => clock.nowUs() - 1_000 }
    for (let attempt = 1; ; attempt++) {
      const proofs = await proveClocks(threads.pool, THREADS, epochNs, shimmed)
      for (const proof of proofs)
        assert.ok(proof.offsetUsMin <= 1_000 && proof.offsetUsMax >= 1_000, JSON.stringify(proof))
      if (proofs.every((proof) => !isOneClock(proof))) break
      // A machine so busy that no answer of a thousand came within 1 ms cannot tell.
      assert.ok(attempt < 20 && proofs.some(({ roundTripUsMin }) => roundTripUsMin > 1_000), JSON.stringify(proofs))
    }
  })

  test('is made again when the pool gets fresh threads, and is the same pool for the next cell', async () => {
    const epochNs = newEpochNs()
    const proof = (): ClockProof | null => threads.clockProof
    assert.equal(proof(), null)
    await threads.proveClocks(epochNs)
    const first = proof()
    assert.ok(first !== null && isOneClock(first))
    await threads.renew()
    const second = proof()
    assert.ok(second !== null && second !== first)
  })
})
