import type { MqttPacket } from '../../protocol/mqtt/packet.ts'
import type { DriverError } from '../driver-error.ts'
import type { ConnectOptions, Consumer, ConsumerEvents, ConsumerSpec, WireCounters } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { consumerSession, filterOf, isShared, subscribeQos } from './session.ts'
import { requireSharedSubscriptions } from './shared-subscriptions.ts'
import { DeliveryRoom } from './wire-delivery-room.ts'
import { openWireProbe } from './wire-probe.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'

/** Opens a consumer on a connection of its own and waits for SUBACK. @throws DriverError */
export async function openWireConsumer(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: ConsumerSpec,
  events: ConsumerEvents,
): Promise<Consumer> {
  const startedMs = performance.now()
  if (isShared(spec)) await requireSharedSubscriptions(endpoint, options, openWireProbe)
  const consumer = new WireConsumer(endpoint, spec, events)
  await consumer.open(options, startedMs)
  return consumer
}

/**
 * A subscription whose PUBACKs go out when the harness acknowledges. MQTT 5 tells the broker the prefetch as
 * receive-maximum. In 3.1.1 the broker's own window counts, and a smaller prefetch is kept here, by not reading on.
 */
class WireConsumer implements Consumer, SessionOwner {
  readonly #spec: ConsumerSpec
  readonly #events: ConsumerEvents
  readonly #isAuto: boolean
  readonly #prefetch: number
  readonly #session: WireSession
  readonly #waiting = new DeliveryRoom()
  #unacknowledged = 0
  #isDeliveringWaiting = false
  /** `opening`: a loss is the error of `openWireConsumer`, and not yet the business of `onClosed`. */
  #state: 'opening' | 'open' | 'closing' = 'opening'
  #closed: Promise<void> | null = null

  constructor(endpoint: Endpoint, spec: ConsumerSpec, events: ConsumerEvents) {
    this.#spec = spec
    this.#events = events
    this.#isAuto = spec.acknowledge.kind === 'auto'
    this.#prefetch = Math.max(spec.prefetch, 1)
    this.#session = new WireSession(endpoint, this)
  }

  /** @throws DriverError */
  async open(options: ConnectOptions, startedMs: number): Promise<void> {
    await this.#session.connect(options, consumerSession(this.#spec))
    const leftMs = Math.max(1, options.timeoutMs - (performance.now() - startedMs))
    try {
      await this.#session.subscribe(filterOf(this.#spec), subscribeQos(this.#spec), leftMs)
    } catch (error) {
      this.#state = 'closing'
      await this.#session.close()
      throw error
    }
    this.#state = 'open'
  }

  /** @param token the packet id, unique among the unacknowledged; 0 for QoS 0, where there is nothing to acknowledge. */
  acknowledge(token: number): void {
    if (token === 0 || this.#isAuto) return
    this.#session.acknowledge(token)
    this.#unacknowledged--
    if (this.#waiting.length > 0) this.#deliverWaiting()
  }

  counters(): WireCounters {
    return this.#session.connection.counters()
  }

  close(): Promise<void> {
    this.#state = 'closing'
    this.#closed ??= this.#close()
    return this.#closed
  }

  onPublish(packet: MqttPacket): void {
    // Not acknowledged, so it comes to the next consumer.
    if (this.#state === 'closing') return
    const { packetId } = packet
    if (packetId === 0) {
      this.#events.onDelivery(packet.payload(), packet.isDuplicate, 0)
    } else if (this.#isAuto) {
      this.#events.onDelivery(packet.payload(), packet.isDuplicate, packetId)
      this.#session.acknowledge(packetId)
    } else if (this.#unacknowledged < this.#prefetch && this.#waiting.length === 0) {
      this.#unacknowledged++
      this.#events.onDelivery(packet.payload(), packet.isDuplicate, packetId)
    } else {
      this.#waiting.push(packet)
      this.#session.pauseReading()
    }
  }

  onPuback(packetId: number): void {
    this.#session.failBroken(`acknowledged the packet id ${packetId} to a consumer`)
  }

  onTurnEnd(): void {
    // Nothing is gathered over a turn.
  }

  onBlocked(): void {
    // Acknowledgements wait in the connection; there is nobody to hold back.
  }

  onDrain(): void {
    // See onBlocked.
  }

  onLost(cause: DriverError): void {
    if (this.#state === 'open') this.#events.onClosed(cause)
  }

  /** Artemis forgets PUBACKs that it has read together with DISCONNECT, so they are seen through first. */
  async #close(): Promise<void> {
    this.#waiting.clear()
    this.#session.resumeReading()
    await this.#session.flush()
    await this.#session.close()
  }

  /** A loop, because who gets a delivery may acknowledge within the call. */
  #deliverWaiting(): void {
    if (this.#isDeliveringWaiting) return
    this.#isDeliveringWaiting = true
    while (this.#unacknowledged < this.#prefetch) {
      const delivery = this.#waiting.shift()
      if (delivery === null) break
      this.#unacknowledged++
      this.#events.onDelivery(delivery.body, delivery.isDuplicate, delivery.packetId)
    }
    this.#isDeliveringWaiting = false
    if (this.#waiting.length === 0) this.#session.resumeReading()
  }
}
