import assert from 'node:assert/strict'
import type { ConsumerRecorder } from './contract-consumer.ts'
import type { PublisherRecorder } from './contract-publisher.ts'
import type { ContractSession } from './contract-session.ts'
import { eventually } from './eventually.ts'

/** Messages that are published once more as long as one consumer has had none. */
const MORE = 50
const TIMES_MAX = 100

/**
 * Between them, the consumers are given each message from `first` on once, and nobody goes without: on a busy machine one
 * may have been quick enough to take all that was published before the broker served the other, so more is published.
 */
export async function assertShared(
  session: ContractSession,
  consumers: readonly ConsumerRecorder[],
  publisher: PublisherRecorder,
  first: number,
): Promise<void> {
  const all = (): number[] => consumers.flatMap((each) => each.sequences(publisher.producer))
  const everything = (): Promise<void> =>
    eventually(
      () => all().length >= publisher.accepted - first,
      `${publisher.accepted - first} deliveries to ${consumers.length} consumers`,
      () => `(${all().length} came)`,
    )
  const areAllServed = (): boolean => consumers.every((each) => each.deliveries.length > 0)
  await everything()
  for (let times = 0; times < TIMES_MAX && !areAllServed(); times++) {
    await publisher.send(publisher.accepted + MORE)
    await everything()
  }
  await session.roundTrips()
  assert.deepEqual(
    all().sort((a, b) => a - b),
    Array.from({ length: publisher.accepted - first }, (_, index) => first + index),
  )
  assert.ok(areAllServed(), 'one consumer got nothing')
}
