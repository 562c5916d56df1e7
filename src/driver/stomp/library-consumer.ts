import type { IMessage } from '@stomp/stompjs'
import type { Consumer, ConsumerEvents, ConsumerSpec, WireCounters } from '../driver.ts'
import { subscribeHeaders } from './broker-dialect.ts'
import type { LibraryConnection } from './library-connection.ts'
import { libraryHeaders } from './library-headers.ts'
import { propertiesOf } from './message-headers.ts'
import { bodyOf } from './library-text-body.ts'
import { surfacing } from './library-surface.ts'

const SUBSCRIPTION_ID = 'brokermark'
const UNSUBSCRIBE_DEADLINE_MS = 5000

/** SUBSCRIBE in the acknowledgement mode of the spec; a token counts deliveries, the header to acknowledge by is kept. */
export class LibraryConsumer implements Consumer {
  readonly #connection: LibraryConnection
  readonly #events: ConsumerEvents
  readonly #isAuto: boolean
  /** Deliveries per ACK frame. */
  readonly #batch: number
  /** `ack` header of each delivery that was not acknowledged, by token. */
  readonly #acknowledgeIds = new Map<number, string>()
  #deliveries = 0
  /** `ack` header of the last acknowledged delivery of an unfinished batch. */
  #heldId: string | null = null
  #heldCount = 0
  #isClosing = false
  #closed: Promise<void> | null = null

  constructor(connection: LibraryConnection, spec: ConsumerSpec, events: ConsumerEvents) {
    this.#connection = connection
    this.#events = events
    this.#isAuto = spec.acknowledge.kind === 'auto'
    this.#batch = spec.acknowledge.kind === 'every' ? spec.acknowledge.messages : 1
  }

  /** Resolves with the broker's receipt for SUBSCRIBE. @throws DriverError */
  async subscribe(spec: ConsumerSpec): Promise<void> {
    const { client, dialect } = this.#connection
    const { destination = '', ...headers } = subscribeHeaders(dialect, spec, SUBSCRIPTION_ID)
    const onMessage = surfacing((message: IMessage) => this.#deliver(message))
    const subscribed = this.#connection.receipt('subscribed')
    // Messages on their way when UNSUBSCRIBE goes out have no subscription any more, and still are deliveries.
    client.onUnhandledMessage = onMessage
    client.subscribe(destination, onMessage, libraryHeaders(headers, { receipt: 'subscribed' }))
    await subscribed
    this.#connection.onLost((cause) => this.#events.onClosed(cause))
  }

  acknowledge(token: number): void {
    const id = this.#acknowledgeIds.get(token)
    if (id === undefined) return
    this.#acknowledgeIds.delete(token)
    this.#heldId = id
    this.#heldCount++
    if (this.#heldCount >= this.#batch) this.#sendHeld()
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    if (this.#connection.isOpen) {
      this.#sendHeld()
      this.#isClosing = true
      await this.#unsubscribe()
    }
    await this.#connection.close()
  }

  #deliver(message: IMessage): void {
    // What comes after close() began goes back to the queue unacknowledged; an automatic one is gone from it already.
    if (this.#isClosing && !this.#isAuto) return
    this.#events.onProperties?.(propertiesOf(Object.entries(message.headers), Date.now()))
    const token = this.#deliveries++
    const id = message.headers['ack']
    if (!this.#isAuto && id !== undefined) this.#acknowledgeIds.set(token, id)
    this.#events.onDelivery(bodyOf(message), message.headers['redelivered'] === 'true', token)
  }

  #sendHeld(): void {
    if (this.#heldId !== null && this.#connection.isOpen) this.#connection.client.ack(this.#heldId, SUBSCRIPTION_ID)
    this.#heldId = null
    this.#heldCount = 0
  }

  async #unsubscribe(): Promise<void> {
    let expiry: NodeJS.Timeout | undefined
    const expired = new Promise<void>((resolve) => {
      expiry = setTimeout(resolve, UNSUBSCRIBE_DEADLINE_MS)
    })
    // Whether the broker answered or the connection broke: closing goes on.
    const answered = this.#connection.receipt('unsubscribed').catch(() => undefined)
    this.#connection.client.unsubscribe(SUBSCRIPTION_ID, libraryHeaders({ receipt: 'unsubscribed' }))
    await Promise.race([answered, expired])
    clearTimeout(expiry)
  }
}
