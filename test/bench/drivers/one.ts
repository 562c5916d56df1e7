/**
 * One driver at one window in this process, for a profiler:
 *
 *   node --cpu-prof dist/test/bench/drivers/one.js stomp wire 100 [seconds] [target URL] [body bytes]
 *
 * On an embedded broker of its own unless a target is given.
 */
import { launchEmbedded } from '../../../src/broker/embedded/launch-embedded.ts'
import { driverKeys, loadDriver } from '../../../src/driver/registry.ts'
import { endpointOf } from '../../support/endpoint-of.ts'
import { MeasuredExchange } from './exchange.ts'
import { openPair } from './pair.ts'

const ROUNDS = 3

const [protocol, client, window = '100', seconds = '2', target, bodyBytes = '1024'] = process.argv.slice(2)
const key = driverKeys().find((one) => one.protocol === protocol && one.client === client)
if (key === undefined) throw new Error('expected a protocol and a client of `brokermark list drivers`')
const broker = target === undefined ? await launchEmbedded() : null
const url = target ?? `${key.protocol}://${broker?.host ?? ''}:${broker?.port ?? 0}`
const driver = await loadDriver(key.protocol, key.client)
const pair = await openPair(driver, endpointOf(url), {
  queue: `bench-${process.pid}`,
  window: Number(window),
  bodyBytes: Number(bodyBytes),
  connectTimeoutMs: 5_000,
  runTimeoutMs: 60_000,
})
const exchange = new MeasuredExchange(pair)
for (let round = 0; round < ROUNDS; round++) {
  const { cpuMicrosPerMessage, messagesPerSecond, sleepsPerMessage, traffic } = await exchange.measure(Number(seconds))
  const writes =
    traffic === null
      ? ''
      : `, ${traffic.writes.toFixed(3)} writes, ${Math.round(traffic.publishedBytes + traffic.acknowledgementBytes)} ` +
        `bytes out, ${Math.round(traffic.confirmBytes + traffic.deliveryBytes)} back`
  console.log(
    `${key.protocol} ${key.client} window ${window}: ${cpuMicrosPerMessage.toFixed(2)} us/message, ` +
      `${Math.round(messagesPerSecond)} messages/s, ${sleepsPerMessage.toFixed(3)} sleeps${writes}`,
  )
}
await pair.close()
await broker?.stop()
