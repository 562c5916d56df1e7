import type { IPublishPacket } from 'mqtt'
import { DriverError } from '../driver-error.ts'
import type { Consumer, ConsumerEvents, ConsumerSpec, MessageProperties, WireCounters } from '../driver.ts'
import type { LibraryConnection } from './library-connection.ts'
import { messagePropertiesOf } from './message-properties.ts'
import { filterOf } from './session.ts'
import type { Qos } from './session.ts'

/** A delivery that has to wait until an earlier one is acknowledged. */
interface WaitingDelivery {
  readonly packet: IPublishPacket
  readonly next: (acknowledges: boolean) => void
}

/**
 * A subscription whose PUBACKs go out when the harness acknowledges. MQTT 5 tells the broker the prefetch as
 * receive-maximum. In 3.1.1 the broker's own window counts, and a smaller prefetch is kept here, by not reading on. At
 * QoS 2 the library goes through all steps by itself, so that only `auto` is taken.
 */
export class LibraryConsumer implements Consumer {
  readonly #events: ConsumerEvents
  readonly #isAuto: boolean
  readonly #qos: Qos
  readonly #prefetch: number
  #connection: LibraryConnection | null = null
  #unacknowledged = 0
  /** Came before SUBACK, when nobody could acknowledge: it comes behind what a kept session had waiting. */
  readonly #early: IPublishPacket[] = []
  #waiting: WaitingDelivery | null = null
  #isSubscribed = false
  #isClosing = false
  #closed: Promise<void> | null = null

  /** @throws DriverError `unsupported` for acknowledging at QoS 2. */
  constructor(spec: ConsumerSpec, qos: Qos, events: ConsumerEvents) {
    if (qos === 2 && spec.acknowledge.kind !== 'auto') {
      const advice = 'use acknowledge: auto, the wire client, or qos=1'
      throw new DriverError('unsupported', `MQTT.js acknowledges by itself at QoS 2: ${advice}`)
    }
    this.#qos = qos
    this.#events = events
    this.#isAuto = spec.acknowledge.kind === 'auto'
    this.#prefetch = Math.max(spec.prefetch, 1)
  }

  /** Receives PUBLISH from before CONNACK on: a broker that kept the session sends at once. */
  readonly receive = (packet: IPublishPacket, next: (acknowledges: boolean) => void): void => {
    if (this.#isAuto) {
      this.#tell(packet, 0)
      next(true)
    } else if (this.#isClosing) {
      next(false)
    } else if (packet.qos > 0 && (this.#unacknowledged >= this.#prefetch || this.#early.length > 0)) {
      if (this.#isSubscribed) {
        this.#waiting = { packet, next }
      } else {
        this.#early.push(packet)
        next(false)
      }
    } else {
      this.#deliver(packet)
      next(false)
    }
  }

  /** Resolves with SUBACK. @throws DriverError */
  async subscribe(connection: LibraryConnection, spec: ConsumerSpec): Promise<void> {
    this.#connection = connection
    await connection.subscribe(filterOf(spec), this.#qos)
    this.#isSubscribed = true
    connection.onLost((cause: DriverError) => this.#events.onClosed(cause))
  }

  /** @param token the packet id, unique among the unacknowledged; 0 for QoS 0, where there is nothing to acknowledge. */
  acknowledge(token: number): void {
    if (token === 0 || this.#connection?.isOpen !== true) return
    this.#connection.acknowledge(token)
    this.#unacknowledged--
    if (this.#isClosing) return
    const early = this.#early.shift()
    if (early !== undefined) {
      this.#deliver(early)
      return
    }
    const waiting = this.#waiting
    if (waiting === null) return
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

  /** Artemis forgets PUBACKs that it has read and not yet done when the connection ends, so they are seen through first. */
  async #close(): Promise<void> {
    // The packet that waits is given up, or the answer would wait behind it.
    this.#waiting?.next(false)
    await this.#connection?.flush()
    await this.#connection?.close()
  }

  #deliver(packet: IPublishPacket): void {
    if (packet.qos > 0) this.#unacknowledged++
    this.#tell(packet, packet.messageId ?? 0)
  }

  #tell(packet: IPublishPacket, token: number): void {
    if (this.#events.onProperties !== undefined) this.#events.onProperties(propertiesOf(packet))
    this.#events.onDelivery(payloadOf(packet), packet.dup, token)
  }
}

/** MQTT.js parses every payload to a buffer; its types allow what one may publish. */
function payloadOf(packet: IPublishPacket): Uint8Array {
  return typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
}

/** MQTT.js gives user properties of one name as an array. */
function propertiesOf({ properties }: IPublishPacket): MessageProperties {
  const named = Object.entries(properties?.userProperties ?? {})
  return messagePropertiesOf({
    expirySeconds: properties?.messageExpiryInterval ?? null,
    userProperties: named.flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value])),
  })
}
