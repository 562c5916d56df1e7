import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rampUp } from '../../src/worker/connect-ramp.ts'

/** The next connection of a ramp would be opened in so many seconds. */
const GAP_SECONDS = 20

test('a ramp that is given up begins no further connection, and waits for those under way', async () => {
  const ending = new AbortController()
  const opened: string[] = []
  const first = (): Promise<void> => {
    setImmediate(() => ending.abort())
    return new Promise((resolve) => {
      ending.signal.addEventListener('abort', () => {
        opened.push('first')
        setImmediate(resolve)
      })
    })
  }
  const second = (): Promise<void> => {
    opened.push('second')
    return Promise.resolve()
  }
  await rampUp([first, second], 1 / GAP_SECONDS, ending.signal)
  assert.deepEqual(opened, ['first'])
})

test('a ramp that was given up before opens nothing', async () => {
  await rampUp([() => assert.fail('opened')], 1, AbortSignal.abort())
})
