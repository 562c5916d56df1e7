/**
 * A process that is measured: it holds one driver and nothing else, so that no other driver's shapes are in its way.
 * Its connections stay open from the first measurement to the last; only one of them has work at a time.
 */
import { loadDriver } from '../../../src/driver/registry.ts'
import { endpointOf } from '../../support/endpoint-of.ts'
import { MeasuredExchange } from './exchange.ts'
import { openFloor } from './floor.ts'
import { openPair } from './pair.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

const CONNECT_TIMEOUT_MS = 5_000
const RUN_TIMEOUT_MS = 30_000

/** By window. */
const exchanges = new Map<number, MeasuredExchange>()

process.on('disconnect', () => process.exit())
process.on('message', (order: ToWorker) => void answer(order))

async function answer(order: ToWorker): Promise<void> {
  let reply: FromWorker
  try {
    reply = await obey(order)
  } catch (thrown) {
    reply = { kind: 'failed', text: thrown instanceof Error ? thrown.message : String(thrown) }
  }
  process.send?.(reply)
}

async function obey(order: ToWorker): Promise<FromWorker> {
  switch (order.kind) {
    case 'open-pairs':
      await openPairs(order)
      return { kind: 'opened' }
    case 'open-floor':
      exchanges.set(1, new MeasuredExchange(await openFloor(order.bytes, RUN_TIMEOUT_MS)))
      return { kind: 'opened' }
    case 'measure': {
      const exchange = exchanges.get(order.window)
      if (exchange === undefined) throw new Error(`nothing is open for window ${order.window}`)
      return { kind: 'measured', cost: await exchange.measure(order.seconds) }
    }
  }
}

async function openPairs(order: Extract<ToWorker, { kind: 'open-pairs' }>): Promise<void> {
  const driver = await loadDriver(order.protocol, order.client)
  const endpoint = endpointOf(order.url)
  for (const window of order.windows) {
    const pair = await openPair(driver, endpoint, {
      queue: `bench-${order.protocol}-${order.client}-${window}`,
      window,
      bodyBytes: order.bodyBytes,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      runTimeoutMs: RUN_TIMEOUT_MS,
    })
    exchanges.set(window, new MeasuredExchange(pair))
  }
}
