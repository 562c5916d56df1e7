import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { planThreads, type PlannedThreads } from '../../../src/run/floor/plan-threads.ts'
import type { Cell } from '../../../src/workload/cell.ts'
import type { OpenLoad } from '../../../src/workload/workload.ts'
import { cellOf } from '../../oracle/virtual-cell.ts'
import { CONSTANT_RATE } from '../../support/open-load.ts'
import { aFloor } from './a-floor.ts'

/** One thread carries 10,000/s of these. */
const floors = [aFloor()]
const planned: PlannedThreads = { threads: 1, given: false, cores: 4 }

function at(ratePerSecond: number, changes: Partial<OpenLoad> = {}, producers = 10, consumers = producers): Cell {
  const load: OpenLoad = { ...CONSTANT_RATE, ratePerSecond, inFlight: 1_000, ...changes }
  return { ...cellOf({ load, producers, consumers }), protocol: 'stomp' }
}

describe('the threads of a plan', () => {
  test('stay as they are while each stays within 60 % of its ceiling', () => {
    assert.deepEqual(planThreads([at(6_000)], floors, planned), { threads: 1, problems: [], notes: [] })
  })

  test('become more, up to the cores, where nobody said how many', () => {
    const { threads, problems, notes } = planThreads([at(100), at(12_001)], floors, planned)
    assert.deepEqual([threads, problems.length], [3, 0])
    assert.deepEqual(notes, ['3 generator threads instead of 1, so that each stays within 60 % of its ceiling'])
  })

  test('stay as they are where the user said how many: over 60 % is a warning', () => {
    const { threads, problems, notes } = planThreads([at(9_000)], floors, { ...planned, given: true })
    assert.deepEqual([threads, problems.length], [1, 0])
    assert.match(notes[0] ?? '', /^9000 messages per second over stomp by wire are 90 % of the 10000 that one thread/)
  })

  test('a rate of five times the ceiling is refused with the threads and hosts that it needs', () => {
    const { problems } = planThreads([at(200_000)], floors, planned)
    assert.deepEqual(problems, [
      {
        path: 'load.ratePerSecond',
        text: "200000 messages per second over stomp by wire cannot be generated: the 4 threads of this plan carry 40000 at most without a broker's work; it needs 34 threads at 60 % each, which are 9 hosts of 4 cores (brokermark calibrate --force --protocol stomp --client wire -s 1000 -r 200000 measures anew, --no-floor runs it all the same)",
      },
    ])
  })

  test('a rate that more threads would carry is refused with how many', () => {
    const { problems } = planThreads([at(15_000)], floors, { ...planned, given: true })
    assert.match(
      problems[0]?.text ?? '',
      /one thread carries 10000 at most .*needs 3 threads at 60 % each, --threads 3 /,
    )
    const onePair = planThreads([at(15_000, {}, 1)], floors, planned)
    assert.match(onePair.problems[0]?.text ?? '', /needs 3 threads at 60 % each, and so as many producers/)
  })

  test('a ramp and steps count by their highest rate, and a topic by its deliveries', () => {
    const fixed = { ...planned, given: true }
    const isRefused = (cell: Cell): boolean => planThreads([cell], floors, fixed).problems.length > 0
    assert.ok(!isRefused(at(1_000)))
    assert.ok(isRefused(at(1_000, { arrivals: { kind: 'ramp', toPerSecond: 20_000 } })))
    assert.ok(isRefused(at(1_000, { arrivals: { kind: 'steps', steps: [{ ratePerSecond: 20_000, seconds: 1 }] } })))
    const fanOut = at(1_000, {}, 1, 40)
    assert.ok(
      isRefused({ ...fanOut, destination: { ...fanOut.destination, kind: 'topic' }, layout: { kind: 'shared' } }),
    )
  })

  test('are judged by the ceiling of the size that they send', () => {
    const bySize = [aFloor(), aFloor({ messageBytes: 102_400, ceilingPerSecond: 1_000 })]
    const fixed = { ...planned, given: true }
    const isRefused = (messageBytes: number): boolean =>
      planThreads([{ ...at(2_000), messageBytes }], bySize, fixed).problems.length > 0
    assert.deepEqual([100, 1024, 1025, 102_400].map(isRefused), [false, false, true, true])
  })

  test('of a closed model, and of a protocol without a floor, are not judged', () => {
    const closed: Cell = { ...cellOf({ load: { model: 'closed', inFlight: 1 } }), protocol: 'stomp' }
    const unknown: Cell = { ...at(1e9), protocol: 'mqtt' }
    assert.deepEqual(planThreads([closed, unknown], floors, planned), { threads: 1, problems: [], notes: [] })
  })
})
