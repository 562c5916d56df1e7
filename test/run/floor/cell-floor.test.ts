import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findFloor, floorOfCell, pairsOf } from '../../../src/run/floor/cell-floor.ts'
import type { Cell } from '../../../src/workload/cell.ts'
import { parseTarget } from '../../../src/workload/parse-target.ts'
import { resolveTarget } from '../../../src/workload/resolve-target.ts'
import type { Target } from '../../../src/workload/target.ts'
import { cellOf } from '../../oracle/virtual-cell.ts'
import { aFloor } from './a-floor.ts'

function targetOf(url: string): Target {
  const parsed = parseTarget(url)
  assert.ok(parsed.kind !== 'problems')
  return parsed.kind === 'broker' ? resolveTarget(parsed, () => '', { username: null, password: null }) : parsed
}

const targets = [targetOf('stomp://h'), targetOf('embedded:'), targetOf('loopback:')]
const one: Cell = { ...cellOf({ load: { model: 'closed', inFlight: 1 } }), protocol: 'stomp' }
const crossed: Cell = { ...one, consumer: { target: 'mqtt://h', protocol: 'mqtt', client: 'library' } }

describe('the floors that a plan needs', () => {
  test('are one for each protocol and client, of both ends', () => {
    assert.deepEqual(pairsOf([one, { ...one, messageBytes: 9 }, crossed], targets), [
      { protocol: 'stomp', client: 'wire' },
      { protocol: 'mqtt', client: 'library' },
    ])
  })

  test('are none on the brokers inside: there the result is the floor', () => {
    const inside = [1, 2].map((targetIndex) => ({ ...one, targetIndex }))
    assert.deepEqual(pairsOf(inside, targets), [])
    assert.equal(findFloor(inside[0] ?? one, targets, null, 1), null)
  })
})

describe('the floor beside a cell', () => {
  test('is of its client, with the ceiling of its threads, no more of them than cores', () => {
    const floor = floorOfCell(one, [aFloor({ client: 'library' }), aFloor()], 3)
    assert.deepEqual([floor?.metric, floor?.p50Us, floor?.ceilingPerSecond], ['endToEnd', 200, 30_000])
    assert.equal(floorOfCell(one, [aFloor()], 100)?.ceilingPerSecond, 40_000)
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

  test('that is missing says why', () => {
    assert.match(findFloor(one, targets, null, 1)?.why ?? '', /--no-floor/)
    assert.match(findFloor(one, targets, [], 1)?.why ?? '', /failed/)
    assert.equal(findFloor(one, targets, [aFloor()], 1)?.why, null)
  })
})
