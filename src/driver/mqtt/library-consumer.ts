import type { IPublishPacket } from 'mqtt'
import type { DriverError } from '../driver-error.ts'
import type { Consumer, ConsumerEvents, ConsumerSpec, WireCounters } from '../driver.ts'
import type { LibraryConnection } from './library-connection.ts'
import { filterOf, subscribeQos } from './session.ts'

/** A delivery that has to wait until an earlier one is acknowledged. */
interface WaitingDelivery {
  readonly packet: IPublishPacket
  readonly next: (acknowledges: boolean) => void
}

/**
 * A subscription whose PUBACKs go out when the harness acknowledges. MQTT 5 tells the broker the prefetch as
 * receive-maximum. In 3.1.1 the broker's own window counts, and a smaller prefetch is kept here, by not reading on.
 */
export class LibraryConsumer implements Consumer {
  readonly #events: ConsumerEvents
  readonly #isAuto: boolean
  readonly #prefetch: number
  #connection: LibraryConnection | null = null
  #unacknowledged = 0
  #waiting: WaitingDelivery | null = null
  #isClosing = false
  #closed: Promise<void> | null = null

  constructor(spec: ConsumerSpec, events: ConsumerEvents) {
    this.#events = events
    this.#isAuto = spec.acknowledge.kind === 'auto'
    this.#prefetch = Math.max(spec.prefetch, 1)
  }

  /** Receives PUBLISH from before CONNACK on: a broker that kept the session sends at once. */
  readonly receive = (packet: IPublishPacket, next: (acknowledges: boolean) => void): void => {
    if (this.#isAuto) {
      this.#events.onDelivery(payloadOf(packet), packet.dup, 0)
      next(true)
    } else if (this.#isClosing) {
      next(false)
    } else if (packet.qos > 0 && this.#unacknowledged >= this.#prefetch) {
      this.#waiting = { packet, next }
    } else {
      this.#deliver(packet)
      next(false)
    }
  }

  /** Resolves with SUBACK. @throws DriverError */
  async subscribe(connection: LibraryConnection, spec: ConsumerSpec): Promise<void> {
    this.#connection = connection
    await connection.subscribe(filterOf(spec), subscribeQos(spec))
    connection.onLost((cause: DriverError) => this.#events.onClosed(cause))
  }

  /** @param token the packet id, unique among the unacknowledged; 0 for QoS 0, where there is nothing to acknowledge. */
  acknowledge(token: number): void {
    if (token === 0 || this.#connection?.isOpen !== true) return
    this.#connection.acknowledge(token)
    this.#unacknowledged--
    const waiting = this.#waiting
    if (waiting === null || this.#isClosing) return
    this.#waiting = null
    this.#deliver(waiting.packet)
    waiting.next(false)
  }

  counters(): WireCounters {
    return this.#connection?.counters() ?? { writes: null, bytesWritten: null, bytesRead: null }
  }

  close(): Promise<void> {
    this.#isClosing = true
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** Artemis forgets PUBACKs that it has read together with DISCONNECT, so they are seen through first. */
  async #close(): Promise<void> {
    // The packet that waits is given up, or the answer would wait behind it.
    this.#waiting?.next(false)
    await this.#connection?.flush()
    await this.#connection?.close()
  }

  #deliver(packet: IPublishPacket): void {
    if (packet.qos > 0) this.#unacknowledged++
    this.#events.onDelivery(payloadOf(packet), packet.dup, packet.messageId ?? 0)
  }
}

/** MQTT.js parses every payload to a buffer; its types allow what one may publish. */
function payloadOf(packet: IPublishPacket): Uint8Array {
  return typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
}
