import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  BLOCKS_MAX,
  HistogramBlocks,
  type HistogramBlock,
  type HistogramsByMetric,
} from '../../src/measure/histogram-blocks.ts'
import { METRICS } from '../../src/measure/shared-measurements.ts'
import { NO_COUNTS, sparseTotal } from '../../src/measure/sparse-counts.ts'

/** Second `at` with `at` + 1 publish latencies of one bucket each. */
function second(at: number): HistogramBlock {
  const one = { indices: Uint16Array.of(at % 1_000), counts: Float64Array.of(at + 1) }
  const histograms = Object.fromEntries(
    METRICS.map((metric) => [metric, metric === 'publishService' ? one : NO_COUNTS]),
  ) as unknown as HistogramsByMetric
  return { fromSeconds: at, toSeconds: at + 1, histograms }
}

function blocksOf(seconds: number): readonly HistogramBlock[] {
  const blocks = new HistogramBlocks()
  for (let at = 0; at < seconds; at++) blocks.add(second(at))
  return blocks.blocks
}

describe('the blocks of a histogram log', () => {
  test('are single seconds as long as they are not too many', () => {
    assert.deepEqual(
      blocksOf(BLOCKS_MAX).map(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds]),
      Array.from({ length: BLOCKS_MAX }, (_, at) => [at, at + 1]),
    )
  })

  for (const seconds of [121, 122, 240, 241, 3_600, 36_001]) {
    test(`of ${seconds} s are few, of equal length but the last, without a gap, and lose no message`, () => {
      const blocks = blocksOf(seconds)
      assert.ok(blocks.length <= BLOCKS_MAX && blocks.length >= Math.min(seconds, BLOCKS_MAX) / 2)
      assert.equal(blocks[0]?.fromSeconds, 0)
      assert.equal(blocks.at(-1)?.toSeconds, seconds)
      const length = blocks[0].toSeconds
      blocks.slice(1).forEach((block, place) => {
        assert.equal(block.fromSeconds, blocks[place]?.toSeconds)
        assert.ok(block === blocks.at(-1) || block.toSeconds - block.fromSeconds === length)
      })
      const total = blocks.reduce((sum, { histograms }) => sum + sparseTotal(histograms.publishService), 0)
      assert.equal(total, (seconds * (seconds + 1)) / 2)
    })
  }
})
