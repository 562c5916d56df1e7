/** The order of running: targets in turns (R3.4), and the sentinels of each block (R3.7). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mannWhitney } from '../../src/measure/statistics/mann-whitney.ts'
import type { Cell } from '../../src/workload/cell.ts'
import { expand } from '../../src/workload/expand.ts'
import { parseWorkload } from '../../src/workload/parse-workload.ts'
import { SeededRandom } from '../../src/workload/seeded-random.ts'
import type { Target } from '../../src/workload/target.ts'
import type { PhasePlan } from '../../src/workload/workload.ts'

const a: Target = { kind: 'embedded', label: 'embedded:', protocol: 'stomp', options: {}, faults: {} }
const b: Target = { kind: 'embedded', label: 'embedded:?protocol=mqtt', protocol: 'mqtt', options: {}, faults: {} }
const c: Target = { kind: 'loopback', label: 'loopback:', faults: {} }

function cellsOf(text: string, targets: readonly Target[]): readonly Cell[] {
  const parsed = parseWorkload({ text, fallbackName: 'w', overrides: [] })
  assert.ok(parsed.kind === 'workload', JSON.stringify(parsed))
  return expand(parsed.workload, targets, { defaultClient: () => 'wire', brokerWarmupGiven: false })
}

/** Index of the target of each block, in the order of running. */
function turns(cells: readonly Cell[]): number[] {
  return cells
    .filter((cell, index) => {
      const before = cells[index - 1]
      return before?.targetIndex !== cell.targetIndex || before.repetition !== cell.repetition
    })
    .map(({ targetIndex }) => targetIndex)
}

describe('targets take turns', () => {
  const repeated = (repeats: number, more = '') => `phases: { repeats: ${repeats}${more} }`

  test('R3.4 A B | B A: every second repetition is the reverse of the one before it', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const order = turns(cellsOf(repeated(6, `, orderSeed: ${seed}`), [a, b, c]))
      assert.equal(order.length, 18)
      for (const from of [0, 6, 12]) {
        const [first, second] = [order.slice(from, from + 3), order.slice(from + 3, from + 6)]
        assert.deepEqual(second, first.toReversed())
        assert.deepEqual(first.toSorted(), [0, 1, 2])
      }
    }
  })

  test('who begins is drawn from the seed', () => {
    const begins = (seed: number) => turns(cellsOf(repeated(2, `, orderSeed: ${seed}`), [a, b])).join('')
    const seen = new Set(Array.from({ length: 20 }, (_, seed) => begins(seed)))
    assert.deepEqual([...seen].toSorted(), ['0110', '1001'])
    assert.equal(begins(7), begins(7))
  })

  test('where the order is as listed, the first target begins', () => {
    assert.deepEqual(turns(cellsOf(repeated(5, ', order: listed'), [a, b])), [0, 1, 1, 0, 0, 1, 1, 0, 0, 1])
  })

  describe('R3.4: 1,000 campaigns of ten runs per side without a difference, on a machine that drifts by 5 %', () => {
    const TRIALS = 1_000
    const CV = 0.02

    /** Share of campaigns in which a difference is found. @param order the target of each run. */
    function flagged(order: readonly number[]): number {
      const random = new SeededRandom(341)
      let found = 0
      for (let trial = 0; trial < TRIALS; trial++) {
        const rates = order.map(
          (target, at) => [target, (1 + (0.05 * at) / (order.length - 1)) * (1 + CV * random.normal())] as const,
        )
        const side = (target: number) => rates.flatMap(([own, rate]) => (own === target ? [rate] : []))
        if (mannWhitney(side(0), side(1)).p < 0.05) found++
      }
      return found / TRIALS
    }

    test('in turns, at most 7 % are flagged', () => {
      for (const seed of [1, 2, 3]) {
        const order = turns(cellsOf(repeated(10, `, orderSeed: ${seed}`), [a, b]))
        assert.equal(order.length, 20)
        const share = flagged(order)
        assert.ok(share <= 0.07, String(share))
      }
    })

    test('with all of one before all of the other, more than half are', () => {
      const share = flagged([...Array<number>(10).fill(0), ...Array<number>(10).fill(1)])
      assert.ok(share > 0.5, String(share))
    })
  })
})

describe('R3.7: the sentinel', () => {
  const matrix = 'matrix: { messageBytes: [1024, 2048, 4096], pairs: [1, 2] }'

  test('is one cell of the block, measured at its start, in its middle and at its end, the same one in every repetition', () => {
    const cells = cellsOf(`${matrix}\nphases: { repeats: 2, measureSeconds: 10 }`, [a, b])
    const blocks = [0, 9, 18, 27].map((from) => cells.slice(from, from + 9))
    for (const block of blocks) {
      assert.deepEqual(
        block.map(({ sentinel }) => sentinel),
        ['start', null, null, null, 'middle', null, null, null, 'end'],
      )
      const points = block.map(({ messageBytes, crew }) => `${messageBytes} ${crew.producers}`)
      assert.deepEqual(
        [points[0], points[4], points[8]],
        ['2048 1', '2048 1', '2048 1'],
        'the third of six in the order of the list',
      )
      assert.equal(new Set(points).size, 6, 'and the matrix is whole without it')
    }
    assert.equal(new Set(cells.map(({ id }) => id)).size, cells.length)
    assert.deepEqual(
      blocks
        .find(([first]) => first?.targetIndex === 0 && first.repetition === 2)
        ?.flatMap((cell) => (cell.sentinel === null ? [] : [cell.id])),
      ['start', 'middle', 'end'].map((place) => `t1-2048B-1x1-r2-sentinel-${place}`),
    )
  })

  test('is on by itself for six cells of ten seconds, and off for fewer or shorter ones', () => {
    const sentinels = (text: string) => cellsOf(text, [a]).filter(({ sentinel }) => sentinel !== null).length
    assert.equal(sentinels(`${matrix}\nphases: { measureSeconds: 10 }`), 3)
    assert.equal(sentinels(`${matrix}\nphases: { measureSeconds: 9 }`), 0)
    assert.equal(
      sentinels('matrix: { messageBytes: [1024, 2048, 4096, 8192, 16384] }\nphases: { measureSeconds: 10 }'),
      0,
    )
    assert.equal(sentinels(`${matrix}\nphases: { measureSeconds: 10, sentinel: off }`), 0)
    assert.equal(sentinels('phases: { measureSeconds: 1, sentinel: on }'), 3)
  })

  test('leaves the order of the other cells as it was', () => {
    const others = (sentinel: string) =>
      cellsOf(`${matrix}\nphases: { repeats: 3, sentinel: ${sentinel} }`, [a]).flatMap((cell) =>
        cell.sentinel === null ? [cell.id] : [],
      )
    assert.deepEqual(others('on'), others('off'))
  })

  test('is not in a plan of an earlier version, which knew of none', () => {
    const parsed = parseWorkload({ text: matrix, fallbackName: 'w', overrides: [] })
    assert.ok(parsed.kind === 'workload')
    const known = Object.entries(parsed.workload.phases).filter(([key]) => key !== 'sentinel')
    const earlier = { ...parsed.workload, phases: Object.fromEntries(known) as unknown as PhasePlan }
    const cells = expand(earlier, [a], { defaultClient: () => 'wire', brokerWarmupGiven: false })
    assert.equal(cells.length, 6)
  })
})
