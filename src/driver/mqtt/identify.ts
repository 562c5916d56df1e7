import type { BrokerIdentity, ConnectOptions } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import type { OpenProbe } from './probe.ts'

const VERSION_TOPIC = '$SYS/broker/version'

/** How the brokers that have this topic spell themselves there. */
const PRODUCTS: Readonly<Record<string, RegExp>> = {
  Mosquitto: /^mosquitto version (\S+)/i,
  'brokermark embedded': /^brokermark-embedded\/(\S+)/,
}

/**
 * MQTT's handshake names nobody; Mosquitto and the embedded broker do in a retained message, which comes before the end of a subscription is
 * confirmed. @throws DriverError where there is no connecting.
 */
export async function identify(
  endpoint: Endpoint,
  options: ConnectOptions,
  clientId: string,
  openProbe: OpenProbe,
): Promise<BrokerIdentity> {
  let text = ''
  const probe = await openProbe(endpoint, options, clientId, (topic, payload) => {
    if (topic === VERSION_TOPIC) text = new TextDecoder().decode(payload)
  })
  try {
    await probe.subscribe(VERSION_TOPIC, 0)
    await probe.unsubscribe(VERSION_TOPIC)
  } catch {
    // A broker without such a topic may refuse the subscription, or the client: then it stays unnamed.
  }
  await probe.close()
  for (const [product, pattern] of Object.entries(PRODUCTS)) {
    const version = pattern.exec(text)?.[1]
    if (version !== undefined) return { product, version }
  }
  return { product: null, version: null }
}
