import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prefetchOf } from '../../../src/driver/amqp091/prefetch.ts'

const EACH = { kind: 'each' } as const

test('a prefetch is asked for as it is wanted, within the 16 bits of basic.qos', () => {
  const asked = [1, 1000, 100_000].map((prefetch) => prefetchOf({ prefetch, acknowledge: EACH }))
  assert.deepEqual(asked, [1, 1000, 65_535])
})

test('a batch of acknowledgements that the largest prefetch could not fill is unsupported, not waited for', () => {
  const refused = { code: 'unsupported', message: /prefetch of at most 65535, so 70000 messages/ }
  const every = { kind: 'every', messages: 70_000 } as const
  assert.throws(() => prefetchOf({ prefetch: 70_000, acknowledge: every }), refused)
  assert.throws(() => prefetchOf({ prefetch: 70_000, acknowledge: EACH, transactionMessages: 70_000 }), refused)
  assert.equal(prefetchOf({ prefetch: 70_000, acknowledge: { kind: 'auto' }, transactionMessages: 70_000 }), 65_535)
})
