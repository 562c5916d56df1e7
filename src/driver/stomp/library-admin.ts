import { randomUUID } from 'node:crypto'
import type { IMessage } from '@stomp/stompjs'
import { DriverError } from '../driver-error.ts'
import type { Admin, BrokerIdentity, DeclareSpec, Destination, KeptSubscription, Removal } from '../driver.ts'
import { sendHeaders, subscribeHeaders } from './broker-dialect.ts'
import type { LibraryConnection } from './library-connection.ts'
import { libraryHeaders } from './library-headers.ts'
import { surfacing } from './library-surface.ts'

/** Without a message for so long the queue is given up as not to be emptied. */
const QUIET_MS = 5000

/** Deletes subscriptions to a topic, each by a connection of its own; false where one is left. */
export type RemoveKept = (topic: Destination, kept: readonly KeptSubscription[]) => Promise<boolean>

/** STOMP has no management: queues come into being on first use, and can only be emptied by consuming. */
export class LibraryAdmin implements Admin {
  readonly #connection: LibraryConnection
  readonly #removeKept: RemoveKept
  #drains = 0

  constructor(connection: LibraryConnection, removeKept: RemoveKept) {
    this.#connection = connection
    this.#removeKept = removeKept
  }

  get identity(): BrokerIdentity {
    return this.#connection.identity
  }

  declare(destination: Destination, spec: DeclareSpec): Promise<void> {
    const [key] = Object.keys(spec.arguments)
    if (key === undefined) return Promise.resolve()
    const sentence = `STOMP cannot declare ${destination.name} with the argument ${key}; declare it over AMQP`
    return Promise.reject(new DriverError('unsupported', sentence))
  }

  /** Empties a queue; a topic keeps nothing for nobody. */
  async remove(
    destination: Destination,
    _clientIds: readonly string[],
    kept: readonly KeptSubscription[] = [],
  ): Promise<Removal> {
    if (!(await this.#removeKept(destination, kept))) return 'remains'
    if (destination.kind === 'topic') return 'emptied'
    if (!this.#connection.isOpen) return 'remains'
    const drained = await this.#drain(destination)
    return drained ? 'emptied' : 'remains'
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  /**
   * Consumes until a mark, sent behind everything, comes back alone: a queue says nowhere that it is empty. A second mark
   * follows a round that found messages, because those of a consumer that has just gone are put back a moment later.
   */
  #drain(destination: Destination): Promise<boolean> {
    const { client, dialect } = this.#connection
    const subscriptionId = `drain-${this.#drains++}`
    return new Promise((resolve) => {
      let mark = ''
      let found = 0
      const finish = (drained: boolean): void => {
        clearTimeout(quiet)
        if (this.#connection.isOpen) client.unsubscribe(subscriptionId)
        resolve(drained)
      }
      const quiet = setTimeout(() => finish(false), QUIET_MS)
      const sendMark = (): void => {
        found = 0
        mark = `brokermark-drain-${randomUUID()}`
        const { destination: to = '', ...headers } = sendHeaders(dialect, destination, false)
        client.publish({ destination: to, headers: libraryHeaders(headers), body: mark })
      }
      const onMessage = (message: IMessage): void => {
        quiet.refresh()
        const body = message.binaryBody
        if (body.length !== mark.length || Buffer.from(body).toString('latin1') !== mark) found++
        else if (found > 0) sendMark()
        else finish(true)
      }
      const ask = { destination, acknowledge: { kind: 'auto' }, prefetch: 100, bodyBytesMax: 65_536 } as const
      const { destination: from = '', ...headers } = subscribeHeaders(dialect, ask, subscriptionId)
      this.#connection.onLost(() => finish(false))
      client.subscribe(from, surfacing(onMessage), libraryHeaders(headers))
      sendMark()
    })
  }
}
