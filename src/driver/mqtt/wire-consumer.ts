import type { AcknowledgementType } from '../../protocol/mqtt/acknowledgement.ts'
import { readMessageProperties } from '../../protocol/mqtt/message-properties.ts'
import { PACKET_TYPE, packetName } from '../../protocol/mqtt/packet-type.ts'
import type { MqttPacket } from '../../protocol/mqtt/packet.ts'
import type { DriverError } from '../driver-error.ts'
import type {
  ConnectOptions,
  Consumer,
  ConsumerEvents,
  ConsumerSpec,
  MessageProperties,
  WireCounters,
} from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { messagePropertiesOf } from './message-properties.ts'
import { consumerSession, filterOf, isShared, subscribeQos } from './session.ts'
import type { Qos } from './session.ts'
import { requireSharedSubscriptions } from './shared-subscriptions.ts'
import { DeliveryRoom } from './wire-delivery-room.ts'
import { openWireProbe } from './wire-probe.ts'
import { ReceivedIds } from './wire-received-ids.ts'
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

/** Added to the token of a delivery at QoS 2. */
const QOS_2 = 0x1_0000

/**
 * A subscription whose PUBACKs, or PUBRECs at QoS 2, go out when the harness acknowledges. MQTT 5 tells the broker the prefetch as
 * receive-maximum. In 3.1.1 the broker's own window counts, and a smaller prefetch is kept here, by not reading on.
 */
class WireConsumer implements Consumer, SessionOwner {
  readonly #spec: ConsumerSpec
  readonly #events: ConsumerEvents
  readonly #isAuto: boolean
  readonly #prefetch: number
  readonly #session: WireSession
  readonly #qos: Qos
  readonly #waiting = new DeliveryRoom()
  /** At QoS 2. */
  readonly #received: ReceivedIds | null
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
    this.#qos = subscribeQos(spec, endpoint.options)
    this.#received = this.#qos === 2 ? new ReceivedIds() : null
  }

  /** @throws DriverError */
  async open(options: ConnectOptions, startedMs: number): Promise<void> {
    await this.#session.connect(options, consumerSession(this.#spec))
    const leftMs = Math.max(1, options.timeoutMs - (performance.now() - startedMs))
    try {
      await this.#session.subscribe(filterOf(this.#spec), this.#qos, leftMs)
    } catch (error) {
      this.#state = 'closing'
      await this.#session.close()
      throw error
    }
    this.#state = 'open'
    if (this.#waiting.length > 0) this.#session.pauseReading()
  }

  /** @param token the packet id, unique among the unacknowledged; 0 for QoS 0, where there is nothing to acknowledge. */
  acknowledge(token: number): void {
    if (token === 0 || this.#isAuto) return
    this.#answer(token)
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
    const { packetId, qos } = packet
    if (qos > this.#qos) {
      this.#session.failBroken(`sent a message at QoS ${qos}, asked for QoS ${this.#qos}`)
    } else if (packetId === 0) {
      this.#deliver(packet, 0)
    } else if (qos === 1) {
      this.#take(packet, packetId)
    } else {
      this.#takeOnce(packet, packetId)
    }
  }

  onAnswer(type: AcknowledgementType, packetId: number): void {
    this.#session.failBroken(`sent ${packetName(type)} for the packet id ${packetId} to a consumer`)
  }

  onReleased(packetId: number): void {
    this.#received?.release(packetId)
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

  /** Artemis forgets PUBACKs that it has read and not yet done when the connection ends, so they are seen through first. */
  async #close(): Promise<void> {
    this.#waiting.clear()
    this.#session.resumeReading()
    await this.#session.flush()
    await this.#session.close()
  }

  #takeOnce(packet: MqttPacket, packetId: number): void {
    const before = this.#received?.receive(packetId)
    if (before === 'first') this.#take(packet, packetId + QOS_2)
    else if (before === 'acknowledged') this.#session.answer(PACKET_TYPE.pubrec, packetId)
  }

  #take(packet: MqttPacket, token: number): void {
    if (this.#isAuto) {
      this.#deliver(packet, token)
      this.#answer(token)
    } else if (this.#unacknowledged < this.#prefetch && this.#waiting.length === 0) {
      this.#unacknowledged++
      this.#deliver(packet, token)
    } else {
      this.#waiting.push(packet, token, this.#events.onProperties === undefined ? null : propertiesOf(packet))
      // Before SUBACK nobody can acknowledge, and it comes behind what a kept session had waiting.
      if (this.#state === 'open') this.#session.pauseReading()
    }
  }

  #deliver(packet: MqttPacket, token: number): void {
    if (this.#events.onProperties !== undefined) this.#events.onProperties(propertiesOf(packet))
    this.#events.onDelivery(packet.payload(), packet.isDuplicate, token)
  }

  #answer(token: number): void {
    if (token < QOS_2) {
      this.#session.answer(PACKET_TYPE.puback, token)
      return
    }
    this.#received?.acknowledge(token - QOS_2)
    this.#session.answer(PACKET_TYPE.pubrec, token - QOS_2)
  }

  /** A loop, because who gets a delivery may acknowledge within the call. */
  #deliverWaiting(): void {
    if (this.#isDeliveringWaiting) return
    this.#isDeliveringWaiting = true
    while (this.#unacknowledged < this.#prefetch) {
      const delivery = this.#waiting.shift()
      if (delivery === null) break
      this.#unacknowledged++
      if (delivery.properties !== null) this.#events.onProperties?.(delivery.properties)
      this.#events.onDelivery(delivery.body, delivery.isDuplicate, delivery.token)
    }
    this.#isDeliveringWaiting = false
    if (this.#waiting.length === 0) this.#session.resumeReading()
  }
}

function propertiesOf(packet: MqttPacket): MessageProperties {
  return messagePropertiesOf(readMessageProperties(packet))
}
