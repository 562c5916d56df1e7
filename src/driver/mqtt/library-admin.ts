import { DriverError } from '../driver-error.ts'
import type { Admin, BrokerIdentity, ConnectOptions, DeclareSpec, Destination, Removal } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { connectLibrary, type LibraryConnection } from './library-connection.ts'
import { cleanSession } from './session.ts'

const VERSION_TOPIC = '$SYS/broker/version'

/** Sessions that are ended at the same time. */
const SESSIONS_AT_ONCE = 20

/** There is nothing to declare in MQTT; what can be removed are the sessions of consumers, with what waits in them. */
export class LibraryAdmin implements Admin {
  readonly identity: BrokerIdentity
  readonly #connection: LibraryConnection
  readonly #endpoint: Endpoint
  readonly #options: ConnectOptions

  constructor(connection: LibraryConnection, identity: BrokerIdentity, endpoint: Endpoint, options: ConnectOptions) {
    this.identity = identity
    this.#connection = connection
    this.#endpoint = endpoint
    this.#options = options
  }

  declare(destination: Destination, spec: DeclareSpec): Promise<void> {
    const [key] = Object.keys(spec.arguments)
    if (key === undefined) return Promise.resolve()
    const sentence = `MQTT cannot declare ${destination.name} with the argument ${key}: it has topics without properties`
    return Promise.reject(new DriverError('unsupported', sentence))
  }

  /** Ends the sessions of these client ids by connecting with a clean one; a topic by itself is nothing. */
  async remove(_destination: Destination, clientIds: readonly string[]): Promise<Removal> {
    try {
      for (let start = 0; start < clientIds.length; start += SESSIONS_AT_ONCE) {
        const some = clientIds.slice(start, start + SESSIONS_AT_ONCE)
        await Promise.all(some.map((clientId) => this.#endSession(clientId)))
      }
      return 'removed'
    } catch (error) {
      if (error instanceof DriverError) return 'remains'
      throw error
    }
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  async #endSession(clientId: string): Promise<void> {
    const connection = await connectLibrary(this.#endpoint, this.#options, cleanSession(clientId))
    await connection.close()
  }
}

/** MQTT's handshake names nobody; Mosquitto does in a retained message, which comes before the end of a subscription is confirmed. */
export async function identify(endpoint: Endpoint, options: ConnectOptions, clientId: string): Promise<BrokerIdentity> {
  let text = ''
  const connection = await connectLibrary(endpoint, options, cleanSession(clientId), (packet, next) => {
    if (packet.topic === VERSION_TOPIC) text = packet.payload.toString()
    next(true)
  })
  try {
    await connection.subscribe(VERSION_TOPIC, 0)
    await connection.client.unsubscribeAsync(VERSION_TOPIC)
  } catch {
    // A broker without such a topic may refuse the subscription, or the client: then it stays unnamed.
  }
  await connection.close()
  const version = /^mosquitto version (\S+)/i.exec(text)?.[1]
  return version === undefined ? { product: null, version: null } : { product: 'Mosquitto', version }
}
