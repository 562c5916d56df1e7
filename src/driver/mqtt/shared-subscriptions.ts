import { randomUUID } from 'node:crypto'
import type { ConnectOptions } from '../driver.ts'
import { DriverError } from '../driver-error.ts'
import { describeEndpoint, type Endpoint } from '../endpoint.ts'
import { quietTime } from '../quiet-time.ts'
import type { OpenProbe } from './probe.ts'

/** Round trips of an ordinary message that a shared one may be late by: brokers keep an order per subscription only. */
const ROUND_TRIPS = 20
/** A busy broker may be quick with the ones and slow with the other: asked again after a while before it is said to lack it. */
const TIMES = 2

const ANSWERS = new WeakMap<Endpoint, Promise<boolean>>()

/**
 * MQTT 3.1.1 says nothing of shared subscriptions: Mosquitto and Artemis have them all the same, RabbitMQ takes
 * `$share/...` for an ordinary name and never delivers. So it is tried, once per endpoint.
 * @throws DriverError `unsupported` where the broker does not share.
 */
export async function requireSharedSubscriptions(
  endpoint: Endpoint,
  options: ConnectOptions,
  openProbe: OpenProbe,
): Promise<void> {
  const asked = ANSWERS.get(endpoint) ?? sharesSubscriptions(endpoint, options, openProbe)
  ANSWERS.set(endpoint, asked)
  // A failure to connect says nothing of the broker: the next consumer tries again.
  asked.catch(() => ANSWERS.delete(endpoint))
  if (await asked) return
  const sentence =
    'competing consumers need shared subscriptions, which this broker does not have over this version of MQTT'
  throw new DriverError('unsupported', `${describeEndpoint(endpoint)}: ${sentence}`)
}

async function sharesSubscriptions(
  endpoint: Endpoint,
  options: ConnectOptions,
  openProbe: OpenProbe,
): Promise<boolean> {
  const name = `brokermark-probe-${randomUUID()}`
  const ordinary = `${name}-ordinary`
  // An object, because the compiler does not see that a callback changes a variable.
  const heard: { shared: boolean; onOrdinary: (() => void) | null } = { shared: false, onOrdinary: null }
  const probe = await openProbe(endpoint, options, name, (topic) => {
    if (topic.endsWith('ordinary')) heard.onOrdinary?.()
    else heard.shared = true
  })
  try {
    if (!probe.mayShare) return false
    await probe.subscribe(`$share/${name}/${name}`, 1)
    await probe.subscribe(ordinary, 1)
    await probe.publish(name)
    const isHeard = (): boolean => heard.shared
    const ordinaryRoundTrip = (): Promise<void> =>
      new Promise((resolve, reject) => {
        heard.onOrdinary = resolve
        probe.whenLost(reject)
        probe.publish(ordinary).catch(reject)
      })
    for (let time = 0; time < TIMES && !isHeard(); time++) {
      if (time > 0) await quietTime()
      for (let count = 0; count < ROUND_TRIPS && !isHeard(); count++) await ordinaryRoundTrip()
    }
  } finally {
    await probe.close()
  }
  return heard.shared
}
