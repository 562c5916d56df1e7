import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FloorFlow } from '../../../src/run/floor/floor-record.ts'
import { flowOf } from '../../../src/run/floor/floor-flow.ts'
import { needsOf, wishesOf } from '../../../src/run/floor/plan-floors.ts'
import type { Cell } from '../../../src/workload/cell.ts'
import type { Load, OpenLoad } from '../../../src/workload/workload.ts'
import { cellOf } from '../../oracle/virtual-cell.ts'
import { CONSTANT_RATE } from '../../support/open-load.ts'
import { targetOf } from './a-floor.ts'

const targets = [targetOf('stomp://h'), targetOf('embedded:'), targetOf('loopback:')]

function cell(load: Load, changes: { messageBytes?: number; pairs?: number } = {}): Cell {
  const { messageBytes = 1024, pairs = 1 } = changes
  return { ...cellOf({ load, producers: pairs, consumers: pairs, messageBytes }), protocol: 'stomp' }
}

function open(ratePerSecond: number, changes: Partial<OpenLoad> = {}): Load {
  return { ...CONSTANT_RATE, ratePerSecond, inFlight: 1_000, ...changes }
}

function closed(inFlight: number): Load {
  return { model: 'closed', inFlight }
}

function wanted(load: Load, pairs = 1, threads = 1): FloorFlow {
  return flowOf(cell(load, { pairs }), threads)
}

describe('the flow of a floor', () => {
  test('is 1.5 times the highest rate of the plan or more, and 2,000 messages per second at least', () => {
    for (const [planned, expected] of [
      [100, 2_000],
      [1_333, 2_000],
      [1_334, 5_000],
      [5_000, 10_000],
      [10_000, 20_000],
      [60_000, 100_000],
    ] as const) {
      assert.deepEqual(wanted(open(planned)), { model: 'open', wantedPerSecond: expected, pacer: 'spin' })
    }
    const ramp = wanted(open(1_000, { arrivals: { kind: 'ramp', toPerSecond: 30_000 } }))
    assert.equal(ramp.model === 'open' && ramp.wantedPerSecond, 50_000)
  })

  test('is in the pacer mode that the busiest thread will use', () => {
    const modeOf = (flow: FloorFlow): string => (flow.model === 'open' ? flow.pacer : '')
    assert.equal(modeOf(wanted(open(50))), 'timer')
    assert.equal(modeOf(wanted(open(51))), 'spin')
    assert.equal(modeOf(wanted(open(100), 2, 2)), 'timer')
    // One of two threads has two of the three producers.
    assert.equal(modeOf(wanted(open(78), 3, 2)), 'spin')
  })

  test("of a closed model is one thread's share of pairs, with what each has in flight", () => {
    assert.deepEqual(wanted(closed(1), 25), { model: 'closed', pairs: 25, inFlight: 1 })
    assert.deepEqual(wanted(closed(100), 25, 2), { model: 'closed', pairs: 13, inFlight: 100 })
    assert.deepEqual(wanted(closed(1), 1_000), { model: 'closed', pairs: 200, inFlight: 1 })
  })

  test('of a closed model holds no more than 64 MB in flight', () => {
    const megabyte = 1_048_576
    const flow = (inFlight: number, pairs: number) =>
      flowOf(cell(closed(inFlight), { messageBytes: megabyte, pairs }), 1)
    assert.deepEqual(flow(100, 10), { model: 'closed', pairs: 1, inFlight: 64 })
    assert.deepEqual(flow(10, 10), { model: 'closed', pairs: 6, inFlight: 10 })
  })
})

describe('the floors that a plan needs', () => {
  const one = cell(closed(1))
  const crossed: Cell = { ...one, consumer: { target: 'mqtt://h', protocol: 'mqtt', client: 'library' } }
  const flow: FloorFlow = { model: 'closed', pairs: 1, inFlight: 1 }

  test('are of each protocol and client, of both ends', () => {
    assert.deepEqual(wishesOf(needsOf([one, one, crossed], targets, 1)), [
      { pair: { protocol: 'stomp', client: 'wire' }, messageBytes: 1024, flows: [flow] },
      { pair: { protocol: 'mqtt', client: 'library' }, messageBytes: 1024, flows: [flow] },
    ])
  })

  test('are none on the brokers inside: there the result is the floor', () => {
    const inside = [1, 2].map((targetIndex) => ({ ...one, targetIndex }))
    assert.deepEqual(needsOf(inside, targets, 1), [])
  })

  test('are of each size; of more than five the ends and some between', () => {
    const sizesOf = (sizes: readonly number[]) =>
      wishesOf(
        needsOf(
          sizes.map((messageBytes) => cell(closed(1), { messageBytes })),
          targets,
          1,
        ),
      ).map(({ messageBytes }) => messageBytes)
    assert.deepEqual(sizesOf([102_400, 1024, 5120]), [1024, 5120, 102_400])
    assert.deepEqual(sizesOf([16, 32, 64, 128, 256, 512, 1024, 2048, 4096]), [16, 64, 256, 1024, 4096])
  })

  test('are of the fastest open flow of each pacer mode, and of four closed flows at most', () => {
    const flowsOf = (cells: readonly Cell[]) => wishesOf(needsOf(cells, targets, 1)).map(({ flows }) => flows)
    assert.deepEqual(flowsOf([open(10), open(100_000), open(4_000)].map((load) => cell(load))), [
      [
        { model: 'open', wantedPerSecond: 200_000, pacer: 'spin' },
        { model: 'open', wantedPerSecond: 2_000, pacer: 'timer' },
      ],
    ])
    const pairs = [1, 25, 50, 100, 200, 400].map((count) => cell(closed(1), { pairs: count }))
    const [flows] = flowsOf(pairs)
    assert.deepEqual(
      flows?.map((one) => (one.model === 'closed' ? one.pairs : 0)),
      [1, 25, 100, 200],
    )
  })

  test('of a size that is left out are in the flows of the next larger one', () => {
    const cells = [100, 200, 300, 400, 500, 600].map((messageBytes, index) => cell(closed(index + 1), { messageBytes }))
    const wishes = wishesOf(needsOf(cells, targets, 1))
    assert.deepEqual(
      wishes.map(({ messageBytes, flows }) => [messageBytes, flows.length]),
      [
        [100, 1],
        [200, 1],
        [400, 2],
        [500, 1],
        [600, 1],
      ],
    )
  })
})
