import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findFloor, floorOfCell } from '../../../src/run/floor/cell-floor.ts'
import type { FloorFlow } from '../../../src/run/floor/floor-record.ts'
import type { Cell } from '../../../src/workload/cell.ts'
import type { Load } from '../../../src/workload/workload.ts'
import { cellOf } from '../../oracle/virtual-cell.ts'
import { CONSTANT_RATE } from '../../support/open-load.ts'
import { aFloor, targetOf } from './a-floor.ts'

const targets = [targetOf('stomp://h'), targetOf('embedded:'), targetOf('loopback:')]
const one: Cell = { ...cellOf({ load: { model: 'closed', inFlight: 1 } }), protocol: 'stomp' }
const crossed: Cell = { ...one, consumer: { target: 'mqtt://h', protocol: 'mqtt', client: 'library' } }

function closed(pairs: number, inFlight: number): FloorFlow {
  return { model: 'closed', pairs, inFlight }
}

function open(wantedPerSecond: number, pacer: 'spin' | 'timer' = 'spin'): FloorFlow {
  return { model: 'open', wantedPerSecond, pacer }
}

describe('the floor beside a cell', () => {
  test('is of its client, with the ceiling of its threads, no more of them than cores', () => {
    const floor = floorOfCell(one, [aFloor({ client: 'library' }), aFloor()], 3)
    assert.deepEqual([floor?.metric, floor?.p50Us, floor?.ceilingPerSecond], ['endToEnd', 200, 30_000])
    assert.equal(floorOfCell(one, [aFloor()], 100)?.ceilingPerSecond, 40_000)
  })

  test('is of its size, else of the next larger one, and says which; above the largest it is that', () => {
    const floors = [100, 1024, 10_240].map((messageBytes) =>
      aFloor({ messageBytes, ceilingPerSecond: 1e6 / messageBytes }),
    )
    const sizeFor = (messageBytes: number) => floorOfCell({ ...one, messageBytes }, floors, 1)?.messageBytes
    assert.deepEqual([50, 100, 101, 1024, 5000, 1e6].map(sizeFor), [100, 100, 1024, 1024, 10_240, 10_240])
    assert.equal(floorOfCell({ ...one, messageBytes: 100 }, floors, 1)?.ceilingPerSecond, 10_000)
  })

  test('is of its flow: closed beside closed with as many in flight, open in its pacer mode', () => {
    const floors = [closed(1, 1), closed(10, 1), closed(1, 100), open(20_000), open(2_000, 'timer')].map((flow) =>
      aFloor({ flow }),
    )
    const flowFor = (load: Load, pairs: number) => {
      const cell = { ...one, load, crew: { producers: pairs, consumers: pairs } }
      const floor = floorOfCell(cell, floors, 1)
      return [floor?.pairs, floor?.inFlight, floor?.wantedPerSecond]
    }
    assert.deepEqual(flowFor({ model: 'closed', inFlight: 1 }, 1), [1, 1, null])
    assert.deepEqual(flowFor({ model: 'closed', inFlight: 1 }, 5), [10, 1, null])
    assert.deepEqual(flowFor({ model: 'closed', inFlight: 20 }, 1), [1, 100, null])
    assert.deepEqual(flowFor({ model: 'closed', inFlight: 100 }, 100), [1, 100, null])
    const rate = { ...CONSTANT_RATE, inFlight: 1 }
    assert.deepEqual(flowFor({ ...rate, ratePerSecond: 9_000 }, 1), [1, null, 20_000])
    assert.deepEqual(flowFor({ ...rate, ratePerSecond: 10 }, 1), [1, null, 2_000])
  })

  test('is of another flow where its own could not be measured', () => {
    assert.equal(floorOfCell(one, [aFloor({ flow: open(5_000) })], 1)?.wantedPerSecond, 5_000)
  })

  test('is of publishing where nothing consumes, and where messages carry no time', () => {
    for (const cell of [
      { ...one, crew: { producers: 1, consumers: 0 } },
      { ...one, messageBytes: 16 },
    ]) {
      const floor = floorOfCell(cell, [aFloor()], 1)
      assert.deepEqual([floor?.metric, floor?.p50Us], ['publish', 100])
    }
  })

  test('is the slower of two different ends', () => {
    const endToEnd = { p50Us: 300, p99Us: 900, p999Us: null }
    const mqtt = aFloor({ protocol: 'mqtt', client: 'library', endToEnd, ceilingPerSecond: 25_000 })
    const floor = floorOfCell(crossed, [aFloor(), mqtt], 1)
    assert.deepEqual([floor?.p50Us, floor?.ceilingPerSecond], [300, 10_000])
    assert.equal(floorOfCell(crossed, [aFloor()], 1), null)
  })

  test('that is missing says why, and on the brokers inside there is none', () => {
    assert.match(findFloor(one, targets, null, 1)?.why ?? '', /--no-floor/)
    assert.match(findFloor(one, targets, [], 1)?.why ?? '', /failed/)
    assert.equal(findFloor(one, targets, [aFloor()], 1)?.why, null)
    assert.equal(findFloor({ ...one, targetIndex: 1 }, targets, null, 1), null)
  })
})
