import { DriverError } from '../driver-error.ts'
import type { ConnectOptions, ConsumerEvents, ConsumerSpec, Destination } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { quietTime } from '../quiet-time.ts'
import { openWireConsumer } from './wire-consumer.ts'

/** A queue that fills as fast as it is emptied is given up after this. */
const EMPTYING_MS_MAX = 30_000
const PREFETCH = 1000

/**
 * Consumes, on a connection of its own, until nothing comes any more. False where there was no end to it, or where we
 * may not. @throws DriverError where the connection is lost
 */
export async function emptyQueue(
  endpoint: Endpoint,
  options: ConnectOptions,
  destination: Destination,
): Promise<boolean> {
  let received = 0
  const lost: DriverError[] = []
  const spec: ConsumerSpec = {
    destination,
    clientId: 'emptying',
    acknowledge: { kind: 'auto' },
    prefetch: PREFETCH,
    persistent: true,
    competing: true,
    bodyBytesMax: 65_536,
  }
  const events: ConsumerEvents = {
    onDelivery: () => {
      received++
    },
    onClosed: (cause) => lost.push(cause),
  }
  try {
    const consumer = await openWireConsumer(endpoint, options, spec, events)
    const untilMs = performance.now() + EMPTYING_MS_MAX
    let isQuiet = false
    while (!isQuiet && performance.now() < untilMs && lost.length === 0) {
      const receivedBefore = received
      await quietTime()
      isQuiet = received === receivedBefore
    }
    await consumer.close()
    if (lost[0] !== undefined) throw lost[0]
    return isQuiet
  } catch (error) {
    if (error instanceof DriverError && error.code === 'not-permitted') return false
    throw error
  }
}
