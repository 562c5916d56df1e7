import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../support/properties.ts'
import { COUNTS_LENGTH } from '../../src/measure/bucket-layout.ts'
import { totalCount, valueAtQuantile, varianceOf } from '../../src/measure/latency-summary.ts'
import {
  addInto,
  addSparse,
  NO_COUNTS,
  sparseMean,
  sparseQuantile,
  sparseTotal,
  type SparseCounts,
} from '../../src/measure/sparse-counts.ts'

const anyCounts = fc
  .array(fc.tuple(fc.nat(COUNTS_LENGTH - 1), fc.integer({ min: 1, max: 1_000 })), { maxLength: 40 })
  .map((pairs): SparseCounts => {
    const byIndex = new Map(pairs)
    const indices = Uint16Array.from([...byIndex.keys()].sort((a, b) => a - b))
    return { indices, counts: Float64Array.from(indices, (index) => byIndex.get(index) ?? 0) }
  })

function dense(...all: readonly SparseCounts[]): Float64Array {
  const counts = new Float64Array(COUNTS_LENGTH)
  for (const one of all) addInto(counts, one)
  return counts
}

describe('sparse histograms', () => {
  test('add up as whole ones do, bucket by bucket', () => {
    fc.assert(
      fc.property(anyCounts, anyCounts, (a, b) => {
        const sum = addSparse(a, b)
        assert.deepEqual(dense(sum), dense(a, b))
        assert.deepEqual(
          [...sum.indices],
          [...new Set([...a.indices, ...b.indices])].sort((x, y) => x - y),
        )
      }),
    )
  })

  test('have the percentiles and the total of whole ones', () => {
    fc.assert(
      fc.property(anyCounts, fc.double({ min: 0.001, max: 1, noNaN: true }), (sparse, quantile) => {
        const counts = dense(sparse)
        assert.equal(sparseTotal(sparse), totalCount(counts))
        assert.equal(sparseQuantile(sparse, quantile), valueAtQuantile(counts, totalCount(counts), quantile))
      }),
    )
  })

  test('have a mean, and whole ones a variance, of the middles of their buckets', () => {
    const sparse = { indices: Uint16Array.of(10, 20), counts: Float64Array.of(3, 1) }
    assert.equal(sparseMean(sparse), 12.5)
    assert.equal(varianceOf(dense(sparse)), (3 * 2.5 ** 2 + 7.5 ** 2) / 4)
    assert.equal(sparseMean(NO_COUNTS), 0)
    assert.equal(varianceOf(dense()), 0)
  })
})
