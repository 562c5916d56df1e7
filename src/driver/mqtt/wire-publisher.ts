import type { AcknowledgementType } from '../../protocol/mqtt/acknowledgement.ts'
import { encodeMessageProperties } from '../../protocol/mqtt/message-properties.ts'
import { PACKET_TYPE, packetName } from '../../protocol/mqtt/packet-type.ts'
import { PublishTemplate } from '../../protocol/mqtt/publish-template.ts'
import type { Connection } from '../../transport/connection.ts'
import { Blockage } from '../blockage.ts'
import type { DriverError } from '../driver-error.ts'
import type {
  ConnectOptions,
  Publisher,
  PublisherEvents,
  PublisherSpec,
  PublishResult,
  WireCounters,
} from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { UnsettledWindow } from '../unsettled-window.ts'
import { requireWithinLimits } from './broker-limits.ts'
import { isRefusal, refusalCode } from './refusal.ts'
import { mqttPropertiesOf } from './message-properties.ts'
import { cleanSession, PACKET_IDS_MAX, publishQos, topicOf } from './session.ts'
import type { Qos } from './session.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'

/** How long `close` waits for PUBACKs that are still out. */
const CONFIRMS_DEADLINE_MS = 5000

/** Opens a producer on a connection of its own. @throws DriverError */
export async function openWirePublisher(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: PublisherSpec,
  events: PublisherEvents,
): Promise<Publisher> {
  const publisher = new WirePublisher(endpoint, spec, events)
  await publisher.open(endpoint, options)
  return publisher
}

/**
 * PUBLISH at QoS 0, 1 or 2. Packet ids go round a ring, so an id says which of the unanswered messages it belongs to:
 *
 *     sequence n  ->  packet id  n modulo 65,000, plus 1
 */
class WirePublisher implements Publisher, SessionOwner {
  readonly #spec: PublisherSpec
  readonly #events: PublisherEvents
  readonly #session: WireSession
  readonly #template: PublishTemplate
  readonly #qos: Qos
  readonly #blockage: Blockage
  readonly #unsettled = new UnsettledWindow()
  #connection!: Connection
  /** Messages without PUBACK that the broker allows: its receive-maximum in MQTT 5. */
  #window = PACKET_IDS_MAX
  #unanswered = 0
  #published = 0
  /** Confirms of this turn, merged: `first..last`; empty while `last` is -1. */
  #first = 0
  #last = -1
  /** `opening`: a loss is the error of `openWirePublisher`, and not yet the business of `onClosed`. */
  #state: 'opening' | 'open' | 'closing' = 'opening'
  #onAllAnswered: (() => void) | null = null

  constructor(endpoint: Endpoint, spec: PublisherSpec, events: PublisherEvents) {
    this.#spec = spec
    this.#events = events
    this.#blockage = new Blockage(events)
    this.#session = new WireSession(endpoint, this)
    this.#qos = publishQos(spec, endpoint.options)
    const carried = mqttPropertiesOf(spec, this.#session.version)
    const properties = carried === null ? undefined : encodeMessageProperties(carried)
    this.#template = new PublishTemplate(this.#session.level, topicOf(spec.destination), this.#qos, properties)
  }

  /** @throws DriverError */
  async open(endpoint: Endpoint, options: ConnectOptions): Promise<void> {
    await this.#session.connect(options, cleanSession(this.#spec.clientId))
    const { connack } = this.#session
    try {
      requireWithinLimits(connack, endpoint, this.#spec, this.#qos, this.#template)
    } catch (error) {
      await this.#session.close()
      throw error
    }
    this.#window = Math.min(connack.receiveMaximum, PACKET_IDS_MAX)
    this.#connection = this.#session.connection
    this.#connection.messagePerWrite = this.#spec.messagePerWrite ?? false
    this.#state = 'open'
  }

  publish(body: Uint8Array, sequence: number): PublishResult {
    if (!this.#takesMore) return 'not-taken'
    const connection = this.#connection
    const at = connection.reserve(this.#template.packetBytes(body.length))
    const end = this.#template.write(connection.output, at, (sequence % PACKET_IDS_MAX) + 1, body)
    this.#published = sequence + 1
    if (this.#qos > 0) {
      this.#unsettled.accept(sequence)
      this.#unanswered++
    }
    connection.commit(end)
    if (this.#isOutOfCredit) this.#blockage.block('credit')
    return this.#blockage.isBlocked ? 'accepted-now-full' : 'accepted'
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  async close(): Promise<void> {
    this.#state = 'closing'
    if (this.#unanswered > 0 && this.#session.isOpen) await this.#allAnswered()
    await this.#session.close()
    if (this.#spec.confirm) this.#settleAsUnknown()
  }

  onPublish(): void {
    this.#session.failBroken('sent a message to a producer')
  }

  onAnswer(type: AcknowledgementType, packetId: number, reasonCode: number): void {
    const sequence = this.#sequenceOf(packetId)
    if (type === PACKET_TYPE.pubrec && this.#qos === 2 && !isRefusal(reasonCode)) {
      if (this.#unsettled.mark(sequence)) this.#session.answer(PACKET_TYPE.pubrel, packetId)
      else this.#failUnasked(type, packetId)
      return
    }
    // What PUBREC has marked is settled by PUBCOMP, and nothing else is.
    const expected = type === PACKET_TYPE.pubcomp ? 'marked' : 'open'
    const state = (type === PACKET_TYPE.puback) === (this.#qos === 1) ? this.#unsettled.settle(sequence) : 'none'
    if (state !== expected) {
      // Taken out of the window all the same.
      if (state !== 'none') this.#events.onSettled(sequence, sequence, 'unknown', null)
      this.#failUnasked(type, packetId)
      return
    }
    this.#unanswered--
    if (!this.#spec.confirm) return
    if (isRefusal(reasonCode)) {
      this.#reportConfirms()
      this.#events.onSettled(sequence, sequence, 'refused', refusalCode(reasonCode))
      return
    }
    if (this.#last >= 0 && sequence !== this.#last + 1) this.#reportConfirms()
    if (this.#last < 0) this.#first = sequence
    this.#last = sequence
  }

  onReleased(): void {
    this.#session.failBroken('sent PUBREL to a producer')
  }

  onTurnEnd(): void {
    this.#reportConfirms()
    if (!this.#isOutOfCredit) this.#blockage.unblock('credit')
    if (this.#unanswered === 0) this.#onAllAnswered?.()
  }

  onBlocked(): void {
    this.#blockage.block('socket')
  }

  onDrain(): void {
    this.#blockage.unblock('socket')
  }

  onLost(cause: DriverError): void {
    this.#reportConfirms()
    this.#settleAsUnknown()
    // At QoS 0 nothing was ever answered, so nothing is known of any message.
    if (this.#qos === 0 && this.#published > 0) this.#events.onSettled(0, this.#published - 1, 'unknown', null)
    this.#blockage.end()
    this.#onAllAnswered?.()
    if (this.#state === 'open') this.#events.onClosed(cause)
  }

  get #takesMore(): boolean {
    return !this.#blockage.isBlocked && this.#state === 'open' && this.#session.isOpen
  }

  /** The second: an old message without an answer keeps its id, and the ring must not come round to it. */
  get #isOutOfCredit(): boolean {
    return this.#unanswered >= this.#window || this.#published - this.#unsettled.lowest >= PACKET_IDS_MAX
  }

  #sequenceOf(packetId: number): number {
    if (packetId > PACKET_IDS_MAX) return -1
    const { lowest } = this.#unsettled
    const ahead = packetId - 1 - (lowest % PACKET_IDS_MAX)
    return lowest + (ahead < 0 ? ahead + PACKET_IDS_MAX : ahead)
  }

  #failUnasked(type: AcknowledgementType, packetId: number): void {
    this.#session.failBroken(`sent ${packetName(type)} for the packet id ${packetId}, of which none was due`)
  }

  #reportConfirms(): void {
    const last = this.#last
    if (last < 0) return
    this.#last = -1
    this.#events.onSettled(this.#first, last, 'confirmed', null)
  }

  #settleAsUnknown(): void {
    this.#unanswered = 0
    this.#unsettled.settleAll((first, last) => this.#events.onSettled(first, last, 'unknown', null))
  }

  #allAnswered(): Promise<void> {
    return new Promise((resolve) => {
      const expiry = setTimeout(resolve, CONFIRMS_DEADLINE_MS)
      this.#onAllAnswered = () => {
        clearTimeout(expiry)
        resolve()
      }
    })
  }
}
