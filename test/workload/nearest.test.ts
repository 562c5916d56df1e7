import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editDistance, nearestName, suggestion } from '../../src/workload/nearest.ts'

test('a letter too many, too few, wrong or swapped is one edit each', () => {
  assert.equal(editDistance('prefetch', 'prefetchh'), 1)
  assert.equal(editDistance('prefetch', 'prefech'), 1)
  assert.equal(editDistance('prefetch', 'prefatch'), 1)
  assert.equal(editDistance('prefetch', 'prefecth'), 1)
  assert.equal(editDistance('', 'abc'), 3)
  assert.equal(editDistance('kitten', 'sitting'), 3)
})

test('the nearest name wins, without regard to case, and nothing is nearest when all are far', () => {
  assert.equal(nearestName('inflight', ['model', 'inFlight']), 'inFlight')
  assert.equal(nearestName('mesureSecond', ['measureSeconds', 'warmupSeconds']), 'measureSeconds')
  assert.equal(nearestName('zzz', ['model', 'inFlight']), null)
  assert.equal(nearestName('x', ['y']), null)
})

test('a suggestion is a question or the whole list', () => {
  assert.equal(suggestion('modle', ['model', 'inFlight']), 'did you mean model?')
  assert.equal(suggestion('zzz', ['model', 'inFlight']), 'expected one of model, inFlight')
})
