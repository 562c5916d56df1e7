import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { floorRemarks } from '../../src/report/floor-text.ts'
import type { Floor } from '../../src/result/result.ts'
import { floor as harness } from '../run/verdict/good-evidence.ts'

function floor(changes: Partial<Floor> = {}): Floor {
  return { ...harness, ceilingPerSecond: 45_000, ...changes }
}

function remarks(floors: readonly (Floor | null)[]): string[] {
  return floorRemarks(floors.map((one) => ({ floor: one })))
}

describe('the remark on the floor', () => {
  test('names the size, the rate and what the pacer itself costs, once for all cells that share it', () => {
    assert.deepEqual(remarks([floor(), null, floor({ ceilingPerSecond: 90_000 })]), [
      "Floor: p50/p99/p99.9 0.200/0.600/n/a ms, this client's service latency end to end on the broker inside brokermark (1 KB at 2,000/s); pacer spin, lag p50/p99 0.003/0.040 ms; ceiling 45,000 to 90,000 messages/s, by threads of the cell.",
    ])
  })

  test('says that a rate is lower than the plan would have it', () => {
    const [sentence] = remarks([floor({ ratePerSecond: 12_000, wantedPerSecond: 20_000 })])
    assert.match(sentence ?? '', /\(1 KB at 12,000\/s, 60 % of its ceiling, instead of 20,000\/s\)/)
  })

  test('names the pairs and what they have in flight in a closed model, which has no pacer', () => {
    const closed = { pacer: null, wantedPerSecond: null, pairs: 25, inFlight: 1, ratePerSecond: 33_000 }
    const [sentence] = remarks([floor({ ...closed, metric: 'publish' })])
    assert.match(sentence ?? '', /publish to confirm on .* \(1 KB, 25 pairs with 1 in flight\); ceiling/)
  })

  test('puts many floors together, by model and pacer', () => {
    const closed = [1, 25, 50, 100].map((pairs) =>
      floor({ pacer: null, wantedPerSecond: null, inFlight: 1, pairs, p50Us: 100 * pairs, p99Us: null }),
    )
    const sentences = remarks([...closed, floor()])
    assert.equal(sentences.length, 2)
    assert.match(
      sentences[0] ?? '',
      /^Floor: p50\/p99\/p99\.9 0\.100 to 10\.0\/n\/a\/n\/a ms, .* \(in a closed model, by size and load of the cell\)/,
    )
    assert.match(sentences[1] ?? '', /\(at constant rates, by size and load of the cell\); pacer spin/)
  })
})
