import { PACKET_TYPE } from '../../protocol/mqtt/packet-type.ts'
import type { MqttPacket } from '../../protocol/mqtt/packet.ts'
import { PublishTemplate } from '../../protocol/mqtt/publish-template.ts'
import type { ConnectOptions } from '../driver.ts'
import { DriverError } from '../driver-error.ts'
import type { Endpoint } from '../endpoint.ts'
import type { MqttProbe, OnProbeMessage, OpenProbe } from './probe.ts'
import { isRefusal, refusalCode } from './refusal.ts'
import { cleanSession, PACKET_IDS_MAX } from './session.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'

const BODY = new TextEncoder().encode('probe')

/** A probe by our own packets. */
export const openWireProbe: OpenProbe = async (endpoint, options, clientId, onMessage) => {
  const probe = new WireProbe(endpoint, options, onMessage)
  await probe.open(clientId)
  return probe
}

interface PendingPuback {
  resolve(): void
  reject(cause: DriverError): void
}

class WireProbe implements MqttProbe, SessionOwner {
  readonly #session: WireSession
  readonly #options: ConnectOptions
  readonly #onMessage: OnProbeMessage
  readonly #pubacks = new Map<number, PendingPuback>()
  #published = 0
  #whenLost: ((cause: DriverError) => void) | null = null
  #cause: DriverError | null = null

  constructor(endpoint: Endpoint, options: ConnectOptions, onMessage: OnProbeMessage) {
    this.#session = new WireSession(endpoint, this)
    this.#options = options
    this.#onMessage = onMessage
  }

  get mayShare(): boolean {
    return this.#session.connack.sharedSubscriptions
  }

  /** @throws DriverError */
  open(clientId: string): Promise<void> {
    return this.#session.connect(this.#options, cleanSession(clientId))
  }

  async subscribe(filter: string, qos: 0 | 1): Promise<void> {
    this.#throwIfLost()
    await this.#session.subscribe(filter, qos, this.#options.timeoutMs)
  }

  async unsubscribe(filter: string): Promise<void> {
    this.#throwIfLost()
    await this.#session.unsubscribe(filter, this.#options.timeoutMs)
  }

  async publish(topic: string): Promise<void> {
    this.#throwIfLost()
    const { connection, level } = this.#session
    const packetId = (this.#published++ % PACKET_IDS_MAX) + 1
    const template = new PublishTemplate(level, topic, 1)
    const at = connection.reserve(template.packetBytes(BODY.length))
    connection.commit(template.write(connection.output, at, packetId, BODY))
    await new Promise<void>((resolve, reject) => {
      this.#pubacks.set(packetId, { resolve, reject })
    })
  }

  whenLost(listener: (cause: DriverError) => void): void {
    if (this.#cause !== null) listener(this.#cause)
    else this.#whenLost = listener
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  onPublish(packet: MqttPacket): void {
    if (packet.packetId > 0) this.#session.answer(PACKET_TYPE.puback, packet.packetId)
    this.#onMessage(packet.topic(), packet.payload())
  }

  onAnswer(_type: number, packetId: number, reasonCode: number): void {
    const pending = this.#pubacks.get(packetId)
    this.#pubacks.delete(packetId)
    if (isRefusal(reasonCode)) pending?.reject(new DriverError('not-permitted', refusalCode(reasonCode)))
    else pending?.resolve()
  }

  onReleased(): void {
    // Nothing is subscribed to at QoS 2.
  }

  onTurnEnd(): void {
    // Nothing is gathered over a turn.
  }

  onBlocked(): void {
    // A few bytes at a time: nothing to hold back.
  }

  onDrain(): void {
    // See onBlocked.
  }

  onLost(cause: DriverError): void {
    this.#cause = cause
    for (const pending of this.#pubacks.values()) pending.reject(cause)
    this.#pubacks.clear()
    this.#whenLost?.(cause)
  }

  #throwIfLost(): void {
    if (this.#cause !== null) throw this.#cause
  }
}
