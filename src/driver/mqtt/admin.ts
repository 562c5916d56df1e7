import { DriverError } from '../driver-error.ts'
import type { Admin, BrokerIdentity, DeclareSpec, Destination, Removal } from '../driver.ts'

/** Sessions that are ended at the same time. */
const SESSIONS_AT_ONCE = 20

/** A connection with a clean session: being made, it has ended an older session of the same client id. */
export interface CleanConnection {
  /** Never rejects. */
  close(): Promise<void>
}

/** Connects with a clean session of this client id. @throws DriverError */
export type ConnectClean = (clientId: string) => Promise<CleanConnection>

/** There is nothing to declare in MQTT; what can be removed are the sessions of consumers, with what waits in them. */
export class MqttAdmin implements Admin {
  readonly identity: BrokerIdentity
  readonly #connection: CleanConnection
  readonly #connectClean: ConnectClean

  constructor(identity: BrokerIdentity, connection: CleanConnection, connectClean: ConnectClean) {
    this.identity = identity
    this.#connection = connection
    this.#connectClean = connectClean
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
    const connection = await this.#connectClean(clientId)
    await connection.close()
  }
}
