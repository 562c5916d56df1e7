import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untilAborted } from '../../src/run/until-aborted.ts'

const never = new Promise<string>(() => undefined)

test('work that ends first has its say, for good or bad', async () => {
  const { signal } = new AbortController()
  assert.equal(await untilAborted(Promise.resolve('done'), signal), 'done')
  await assert.rejects(untilAborted(Promise.reject(new Error('refused')), signal), /refused/)
})

test('work that lasts is given up when the signal comes, and where it came before', async () => {
  const interrupt = new AbortController()
  const given = untilAborted(never, interrupt.signal)
  interrupt.abort()
  assert.equal(await given, null)
  assert.equal(await untilAborted(never, interrupt.signal), null)
})

test('what fails after it was given up bothers nobody', async () => {
  let fail = (): void => undefined
  const work = new Promise<string>((_, reject) => {
    fail = () => reject(new Error('late'))
  })
  assert.equal(await untilAborted(work, AbortSignal.abort()), null)
  fail()
  await new Promise((resolve) => setImmediate(resolve))
})
