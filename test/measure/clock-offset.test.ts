/** R2.2: what ping-pong says of two clocks, with clocks that are made up. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ClockOffset, isOneClock, worstProof, type ClockProof } from '../../src/measure/clock-offset.ts'
import { SeededRandom } from '../../src/workload/seeded-random.ts'

const ROUNDS = 1_000

/** Ways out and back of 2 to 40 us, each by chance. */
function proofOf(
  offsetUs: (round: number) => number,
  wayUs?: { readonly out: number; readonly back: number },
): ClockProof {
  const random = new SeededRandom(1)
  const estimate = new ClockOffset()
  let nowUs = 1_000_000
  for (let round = 0; round < ROUNDS; round++) {
    const out = wayUs?.out ?? 2 + 38 * random.uniform()
    const back = wayUs?.back ?? 2 + 38 * random.uniform()
    estimate.add(nowUs, nowUs + out + offsetUs(round), nowUs + out + back)
    nowUs += out + back + 1
  }
  return estimate.proof()
}

function isWithin(offsetUs: number, { offsetUsMin, offsetUsMax }: ClockProof): boolean {
  return offsetUsMin <= offsetUs && offsetUs <= offsetUsMax
}

describe('ping-pong', () => {
  test('finds one clock to be one, within the fastest way out and back', () => {
    const proof = proofOf(() => 0)
    assert.ok(isOneClock(proof))
    assert.equal(proof.violations, 0)
    assert.equal(proof.rounds, ROUNDS)
    assert.ok(proof.offsetUsMax - proof.offsetUsMin < 10)
    assert.ok(proof.roundTripUsMin >= 4 && proof.roundTripUsMin < 80)
  })

  for (const offsetUs of [1_000, -1_000, 45]) {
    test(`finds a clock that is ${offsetUs} us off, and the offset lies in the bound`, () => {
      const proof = proofOf(() => offsetUs)
      assert.ok(!isOneClock(proof))
      assert.ok(isWithin(offsetUs, proof))
      assert.ok(proof.offsetUsMax - proof.offsetUsMin < 10)
      assert.ok(proof.violations > 0)
    })
  }

  test('keeps the true offset in the bound when all delay is on one side', () => {
    const proof = proofOf(() => 1_000, { out: 1, back: 10_000 })
    assert.ok(isWithin(1_000, proof))
  })

  test('finds a clock that was set by 1 ms in the middle: no offset fits all rounds', () => {
    const proof = proofOf((round) => (round < ROUNDS / 2 ? 0 : 1_000))
    assert.ok(!isOneClock(proof))
    assert.equal(proof.violations, ROUNDS / 2)
    assert.ok(proof.offsetUsMin > proof.offsetUsMax)
  })

  test('forgives what two readings of one clock may differ by, and no more', () => {
    assert.ok(isOneClock(proofOf(() => 1, { out: 0, back: 0 })))
    assert.ok(!isOneClock(proofOf(() => 1.01, { out: 0, back: 0 })))
  })

  test('of several threads, the one that fails is the worst, then the one of the widest bound', () => {
    const near = proofOf(() => 0, { out: 1, back: 1 })
    const wide = proofOf(() => 0, { out: 5_000, back: 5_000 })
    const wrong = proofOf(() => 1_000)
    assert.equal(worstProof([near, wide]), wide)
    assert.equal(worstProof([near, wrong, wide]), wrong)
    assert.equal(worstProof([]), null)
  })
})
