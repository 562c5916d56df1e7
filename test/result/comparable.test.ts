/** Which results may stand side by side (method.md R1.2). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { incomparabilities, refusalOf, sharedPlaces } from '../../src/result/comparable.ts'
import type { CellResult, Model } from '../../src/result/result.ts'
import { cell } from '../report/result-builder.ts'

const closed: Model = { kind: 'closed', inFlight: 1 }
const constant: Model = {
  kind: 'open',
  arrivals: 'constant',
  ratePerSecond: 5_000,
  inFlight: 1_000,
  detail: null,
  catchUp: 'burst',
}
const poisson: Model = { ...constant, arrivals: 'poisson', detail: 'seed 7' }

function cellWith(model: Model, changes: Partial<CellResult> = {}): CellResult {
  return cell({ producers: 1 }, { model, ...changes })
}

describe('R1.2: two cells', () => {
  test('of an open and a closed model are not comparable, and both models are named', () => {
    const reasons = incomparabilities({ model: closed }, { model: constant })
    assert.deepEqual(
      reasons.map(({ code }) => code),
      ['model'],
    )
    assert.match(
      reasons[0]?.text ?? '',
      /^a closed model \(1 in flight per producer\) and an open model \(constant arrivals, 5000\/s\): /,
    )
    assert.equal(incomparabilities({ model: constant }, { model: closed }).length, 1)
  })

  test('of different arrivals are not comparable', () => {
    const [reason] = incomparabilities({ model: constant }, { model: poisson })
    assert.equal(reason?.code, 'arrivals')
    assert.match(reason.text, /constant arrivals, 5000\/s\) and an open model \(poisson arrivals/)
  })

  test('of the same model are comparable, whatever the rate and the messages in flight', () => {
    assert.deepEqual(incomparabilities({ model: closed }, { model: { kind: 'closed', inFlight: 100 } }), [])
    assert.deepEqual(incomparabilities({ model: constant }, { model: { ...constant, ratePerSecond: 1 } }), [])
  })
})

describe('R1.2: two results', () => {
  const both = (axes: CellResult['axes'], model: Model): CellResult => cellWith(model, { axes })
  const place = { messageBytes: 1024, producers: 1, consumers: 1 }

  test('share the cells of the same size, crew and further axes, in whatever order those are written', () => {
    const one = { cells: [both({ ...place, a: 1, b: 2 }, closed), both({ ...place, a: 3, b: 2 }, closed)] }
    const other = { cells: [both({ b: 2, a: 1, ...place }, constant)] }
    assert.deepEqual(
      sharedPlaces(one, other).map((shared) => [shared.one.model.kind, shared.other.model.kind]),
      [['closed', 'open']],
    )
  })

  test('are refused where a shared place differs in its model', () => {
    assert.match(refusalOf({ cells: [cellWith(closed)] }, { cells: [cellWith(constant)] }) ?? '', /^a closed model/)
    assert.equal(refusalOf({ cells: [cellWith(closed)] }, { cells: [cellWith(closed)] }), null)
  })

  test('are refused where no place is shared and no model either', () => {
    const windows = [1, 10].map((inFlight) => both({ ...place, 'load.inFlight': inFlight }, closed))
    const rates = [500, 1_000].map((rate) => both({ ...place, 'load.ratePerSecond': rate }, constant))
    assert.match(refusalOf({ cells: windows }, { cells: rates }) ?? '', /^a closed model/)
    assert.equal(refusalOf({ cells: [...windows, ...rates] }, { cells: [cellWith(constant)] }), null)
    assert.equal(refusalOf({ cells: [] }, { cells: rates }), null)
  })

  test('leave sentinels out', () => {
    assert.equal(refusalOf({ cells: [cellWith(closed, { sentinel: 'start' })] }, { cells: [cellWith(constant)] }), null)
  })
})
