/** What a report says of its intervals: never more than they hold. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { intervalSentence } from '../../src/report/interval-text.ts'

describe('The sentence on intervals', () => {
  test('says what lowest to highest of few repetitions is, and what it takes for 95 %', () => {
    assert.equal(
      intervalSentence([5, 5]),
      'interval: lowest to highest of 5 repetitions; it holds the true median in 93.8 % of campaigns. 6 repetitions or more give 95 % (docs/method/repetitions.md).',
    )
  })

  test('calls that of two repetitions a coin toss', () => {
    assert.equal(
      intervalSentence([2]),
      'interval: lowest to highest of 2 repetitions; it holds the true median in 50 % of campaigns, no better than a coin toss. 6 repetitions or more give 95 % (docs/method/repetitions.md).',
    )
  })

  test('has a clause for each number of repetitions in the table', () => {
    assert.equal(
      intervalSentence([2, 10, 1, 3, 0]),
      'interval: rank 2 to rank 9 of 10 repetitions; it holds the true median in 97.9 % of campaigns; of 3: lowest to highest, in 75 % of campaigns; of 2: lowest to highest, in 50 % of campaigns, no better than a coin toss. 6 repetitions or more give 95 % (docs/method/repetitions.md).',
    )
  })

  test('asks for no more where there are six or more, and is none where nothing was repeated', () => {
    assert.equal(
      intervalSentence([6]),
      'interval: lowest to highest of 6 repetitions; it holds the true median in 96.9 % of campaigns (docs/method/repetitions.md).',
    )
    assert.equal(intervalSentence([1, 0]), null)
  })
})
