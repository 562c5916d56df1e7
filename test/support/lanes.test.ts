import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { longestFirst } from './file-order.ts'
import { inLanes } from './lanes.ts'

describe('the lanes of the test runner', () => {
  test('do all jobs in their order, never more at a time than there are lanes', async () => {
    const begun: number[] = []
    let underWay = 0
    let most = 0
    const jobs = Array.from({ length: 10 }, (_, job) => async () => {
      begun.push(job)
      most = Math.max(most, ++underWay)
      await new Promise(setImmediate)
      underWay--
    })
    await inLanes(3, jobs)
    assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert.equal(most, 3)
  })

  test('fail with the job that fails', async () => {
    await assert.rejects(inLanes(2, [() => Promise.reject(new Error('no'))]), /^Error: no$/)
  })

  test('begin with the files that take longest, then take the others as they come', () => {
    const files = ['/t/b.test.js', '/t/cli/run.test.js', '/t/a.test.js', '/t/broker/artemis.test.js']
    assert.deepEqual(longestFirst(files), [
      '/t/broker/artemis.test.js',
      '/t/cli/run.test.js',
      '/t/b.test.js',
      '/t/a.test.js',
    ])
  })
})
