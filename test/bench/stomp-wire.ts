/**
 * What the STOMP wire driver costs per message against the embedded broker: publish + confirm + deliver + acknowledge,
 * CPU (user + sys) of this process, start-up taken out. Run: `node test/bench/stomp-wire.js [pairs] [bytes] [client]`.
 */
import { launchEmbedded } from '../../src/broker/embedded/launch-embedded.ts'
import type { Driver } from '../../src/driver/driver.ts'
import type { Endpoint } from '../../src/driver/endpoint.ts'
import { stompWire } from '../../src/driver/stomp/wire.ts'

const pairs = Number(process.argv[2] ?? 1)
const bodyBytes = Number(process.argv[3] ?? 1024)
const options = { timeoutMs: 5000 }

async function measure(driver: Driver, endpoint: Endpoint, window: number, messages: number): Promise<void> {
  const crew = await Promise.all(Array.from({ length: pairs }, (_, index) => openPair(driver, endpoint, index, window)))
  await Promise.all(crew.map((pair) => pair.run(Math.ceil(messages / 4 / pairs))))
  const cpu = process.cpuUsage()
  const started = performance.now()
  const each = Math.ceil(messages / pairs)
  await Promise.all(crew.map((pair) => pair.run(each)))
  const used = process.cpuUsage(cpu)
  const perMessage = (used.user + used.system) / (each * pairs)
  const rate = (each * pairs) / ((performance.now() - started) / 1000)
  const writes = crew.reduce((sum, pair) => sum + pair.writes(), 0)
  console.log(
    `${driver.client} pairs ${pairs} bytes ${bodyBytes} window ${window}: ${perMessage.toFixed(2)} us/message` +
      ` (user ${(used.user / each / pairs).toFixed(2)}), ${Math.round(rate)} messages/s, ${writes} writes`,
  )
  await Promise.all(crew.map((pair) => pair.close()))
}

async function openPair(driver: Driver, endpoint: Endpoint, index: number, window: number) {
  const destination = { kind: 'queue', name: `bench-${index}` } as const
  const body = new Uint8Array(bodyBytes).fill(120)
  let target = 0
  let published = 0
  let confirmed = 0
  let delivered = 0
  let done: () => void = () => undefined
  const fill = (): void => {
    while (published < target && published - confirmed < window) {
      if (publisher.publish(body, published) === 'not-taken') return
      published++
    }
  }
  const check = (): void => {
    if (confirmed === target && delivered === target) done()
  }
  const consumer = await driver.openConsumer(
    endpoint,
    options,
    {
      destination,
      clientId: `consumer-${index}`,
      acknowledge: { kind: 'each' },
      prefetch: 1000,
      persistent: true,
      competing: false,
      bodyBytesMax: bodyBytes,
    },
    {
      onDelivery: (_body, _redelivered, token) => {
        delivered++
        consumer.acknowledge(token)
        check()
      },
      onClosed: (cause) => {
        throw cause
      },
    },
  )
  const publisher = await driver.openPublisher(
    endpoint,
    options,
    {
      destination,
      clientId: `producer-${index}`,
      persistent: true,
      confirm: true,
      inFlightMax: window,
      bodyBytesMax: bodyBytes,
    },
    {
      onSettled: (first, last) => {
        confirmed += last - first + 1
        fill()
        check()
      },
      onBlocked: () => undefined,
      onUnblocked: fill,
      onClosed: (cause) => {
        throw cause
      },
    },
  )
  return {
    run: (messages: number) =>
      new Promise<void>((resolve) => {
        target += messages
        done = resolve
        fill()
      }),
    writes: () => (publisher.counters().writes ?? 0) + (consumer.counters().writes ?? 0),
    close: () => Promise.all([publisher.close(), consumer.close()]),
  }
}

const broker = await launchEmbedded()
const endpoint: Endpoint = {
  protocol: 'stomp',
  transport: process.argv[4] === 'ws' ? 'ws' : 'tcp',
  host: broker.host,
  port: process.argv[4] === 'ws' ? broker.webSocketPort : broker.port,
  path: '/',
  options: {},
  username: null,
  password: null,
  tls: null,
}
await measure(stompWire, endpoint, 1, 20_000)
await measure(stompWire, endpoint, 100, 400_000)
await broker.stop()
