import { setTimeout as delay } from 'node:timers/promises'
import type { IMessage } from '@stomp/stompjs'
import { DriverError } from '../driver-error.ts'
import type { Admin, BrokerIdentity, DeclareSpec, Destination, KeptSubscription, Removal } from '../driver.ts'
import { sendHeaders, subscribeHeaders } from './broker-dialect.ts'
import { EmptyingMarks } from './emptying-marks.ts'
import type { LibraryConnection } from './library-connection.ts'
import { libraryHeaders } from './library-headers.ts'
import { surfacing } from './library-surface.ts'

/** Without a message for so long the queue is given up as not to be emptied: somebody else takes our marks. */
const PATIENCE_MS = 5_000
/** For what a consumer that has just gone held: the broker may put it back a moment later. */
const MOMENT_MS = 250

/** Deletes subscriptions to a topic, each by a connection of its own; false where one is left. */
export type RemoveKept = (topic: Destination, kept: readonly KeptSubscription[]) => Promise<boolean>

/** STOMP has no management: queues come into being on first use, and can only be emptied by consuming. */
export class LibraryAdmin implements Admin {
  readonly #connection: LibraryConnection
  readonly #removeKept: RemoveKept
  /** Several queues may be emptied at a time. */
  readonly #drainings = new Set<EmptyingMarks>()
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

  /** Consumes until nothing is left. False where there was no end to it. */
  async #drain(destination: Destination): Promise<boolean> {
    const { client, dialect } = this.#connection
    const id = `drain-${this.#drains++}`
    const marks = new EmptyingMarks((mark, persistent) => {
      if (!this.#connection.isOpen) return
      const { destination: to = '', ...headers } = sendHeaders(dialect, destination, persistent)
      client.publish({ destination: to, headers: libraryHeaders(headers), body: mark })
    })
    this.#drainings.add(marks)
    this.#connection.onLost(() => this.#drainings.forEach((each) => each.giveUp()))
    const ask = { destination, acknowledge: { kind: 'auto' }, prefetch: 100, bodyBytesMax: 65_536 } as const
    const { destination: from = '', ...headers } = subscribeHeaders(dialect, ask, id)
    const onMessage = (message: IMessage): void => marks.came(message.binaryBody)
    client.subscribe(from, surfacing(onMessage), libraryHeaders(headers))
    let isEmpty = await marks.comeAlone(PATIENCE_MS)
    if (isEmpty) {
      await delay(MOMENT_MS)
      isEmpty = await marks.comeAlone(PATIENCE_MS)
    }
    this.#drainings.delete(marks)
    if (this.#connection.isOpen) client.unsubscribe(id)
    return isEmpty
  }
}
