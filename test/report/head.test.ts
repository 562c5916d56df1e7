import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { measuredSpan, modelSentences } from '../../src/report/head.ts'
import { cell, result } from './result-builder.ts'

describe('How long cells were measured', () => {
  function spanOf(...seconds: readonly (number | null)[]): string | null {
    return measuredSpan(result(seconds.map((measureSeconds) => cell({}, { measureSeconds }))))
  }

  test('is one length where cells differ by the turn of a clock', () => {
    assert.equal(spanOf(3.999999999999999, 4, 4.003), '4 s')
    assert.equal(spanOf(10, 10.04), '10 s')
  })

  test('is a range where they really differ', () => {
    assert.equal(spanOf(30, 10, 10.2), '10 to 30 s')
    assert.equal(spanOf(0.25, 2.46), '0.25 to 2.5 s')
  })

  test('is not said of cells that came to no measurement', () => {
    assert.equal(spanOf(0, null, 5), '5 s')
    assert.equal(spanOf(0, null), null)
  })
})

describe('The sentence about the model', () => {
  const open = { kind: 'open', ratePerSecond: 100, inFlight: 10, catchUp: 'burst' } as const
  const sentenceOf = (arrivals: 'steps' | 'trace' | 'ramp', detail: string) =>
    modelSentences([cell({}, { model: { ...open, arrivals, detail } })]).join(' ')

  test('gives the nominal rate of steps and traces to the warm-up, where alone it holds', () => {
    assert.match(
      sentenceOf('steps', '50/s for 2 s, 200/s for 2 s'),
      /arrivals in steps of 50\/s for 2 s, 200\/s for 2 s, after a warm-up at 100 messages\/s in total, at most 10/,
    )
    assert.match(sentenceOf('trace', 'a.txt'), /arrivals by the trace a\.txt, after a warm-up at 100 messages\/s/)
    assert.match(sentenceOf('ramp', 'to 300/s'), /ramp arrivals at 100 messages\/s in total .*to 300\/s/)
  })
})
