/** R2.2 on real threads. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { clockSince, newEpochNs } from '../../src/measure/clock.ts'
import { isOneClock, type ClockProof } from '../../src/measure/clock-offset.ts'
import { ThreadPool } from '../../src/worker/crew.ts'
import answerRounds from '../../src/worker/clock-partner.ts'
import { allocatePingPong } from '../../src/worker/ping-pong.ts'
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

  test('waits for the first question for as long as the other threads take, and then for no more than half a minute', (context) => {
    const waitedMs: number[] = []
    context.mock.method(Atomics, 'wait', (step: Int32Array, _: number, value: number, deadlineMs: number) => {
      waitedMs.push(deadlineMs)
      Atomics.store(step, 0, value + 1)
      return 'ok'
    })
    const { port1, port2 } = new MessageChannel()
    assert.ok(answerRounds({ epochNs: newEpochNs(), rounds: 3, memory: allocatePingPong(), port: port2 }))
    port1.close()
    assert.deepEqual(waitedMs, [Infinity, 30_000, 30_000])
  })
})
