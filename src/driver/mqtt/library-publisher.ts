import type { IClientPublishOptions } from 'mqtt'
import type { MqttMessageProperties } from '../../protocol/mqtt/message-properties.ts'
import type { DriverError } from '../driver-error.ts'
import type { BlockReason, Publisher, PublisherEvents, PublisherSpec, PublishResult, WireCounters } from '../driver.ts'
import type { LibraryConnection } from './library-connection.ts'
import { refusalCode } from './refusal.ts'
import { PACKET_IDS_MAX, topicOf } from './session.ts'
import type { Qos } from './session.ts'

/** Above this many bytes in the stream's buffer the publisher is full until it has drained. */
const STREAM_BUFFER_BYTES_MAX = 256 * 1024

/** How long `close` waits for PUBACKs that are still out. */
const CONFIRMS_DEADLINE_MS = 5000

/** How everything is published. */
export interface PublishPlan {
  readonly qos: Qos
  /** Null: nothing but the body. */
  readonly properties: MqttMessageProperties | null
}

/** PUBLISH at QoS 0, 1 or 2. The library calls back with PUBACK, and never for what a lost connection leaves open. */
export class LibraryPublisher implements Publisher {
  readonly #connection: LibraryConnection
  readonly #events: PublisherEvents
  readonly #confirms: boolean
  readonly #topic: string
  readonly #options: IClientPublishOptions
  /** Unacknowledged messages that the broker allows us: its receive-maximum in MQTT 5. */
  readonly #window: number
  /** Sequences at QoS 1 without an answer, in order of publishing. */
  readonly #unanswered = new Set<number>()
  #blockedBy: BlockReason | null = null
  #isClosing = false
  #onAllAnswered: (() => void) | null = null

  constructor(connection: LibraryConnection, spec: PublisherSpec, plan: PublishPlan, events: PublisherEvents) {
    this.#connection = connection
    this.#events = events
    this.#confirms = spec.confirm
    this.#topic = topicOf(spec.destination)
    this.#options = optionsOf(plan)
    this.#window = Math.min(connection.connack.properties?.receiveMaximum ?? PACKET_IDS_MAX, PACKET_IDS_MAX)
    connection.onDrain(() => this.#unblockIfPossible())
    connection.onLost((cause) => this.#lost(cause))
  }

  publish(body: Uint8Array, sequence: number): PublishResult {
    if (this.#blockedBy !== null || this.#isClosing || !this.#connection.isOpen) return 'not-taken'
    // The library writes the buffer it was given after this call has returned.
    const copy = Buffer.from(body)
    const { client } = this.#connection
    if (this.#options.qos === 0) {
      client.publish(this.#topic, copy, this.#options)
    } else {
      this.#unanswered.add(sequence)
      client.publish(this.#topic, copy, this.#options, (error) => this.#answered(sequence, error ?? null))
    }
    this.#blockedBy = this.#reasonToBlock()
    if (this.#blockedBy === null) return 'accepted'
    this.#events.onBlocked(this.#blockedBy)
    return 'accepted-now-full'
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#unanswered.size > 0 && this.#connection.isOpen) await this.#allAnswered()
    await this.#connection.close()
    this.#settleAllUnknown()
  }

  #answered(sequence: number, error: Error | null): void {
    // With the connection gone the library may report an error for what was settled as unknown; or for all at its end.
    if (!this.#unanswered.has(sequence)) return
    const reason = error !== null && 'code' in error && typeof error.code === 'number' ? error.code : null
    if (error !== null && reason === null) return
    this.#unanswered.delete(sequence)
    if (this.#confirms) {
      if (error === null) this.#events.onSettled(sequence, sequence, 'confirmed', null)
      else this.#events.onSettled(sequence, sequence, 'refused', refusalCode(reason ?? 0))
    }
    this.#unblockIfPossible()
    if (this.#unanswered.size === 0) this.#onAllAnswered?.()
  }

  #reasonToBlock(): BlockReason | null {
    if (this.#unanswered.size >= this.#window) return 'credit'
    return this.#connection.bufferedBytes >= STREAM_BUFFER_BYTES_MAX ? 'socket' : null
  }

  /** What blocked may have given way to another reason: the socket drains only when it is empty, so that one cannot be missed. */
  #unblockIfPossible(): void {
    if (this.#blockedBy === null || this.#reasonToBlock() !== null) return
    this.#blockedBy = null
    this.#events.onUnblocked()
  }

  #lost(cause: DriverError): void {
    this.#settleAllUnknown()
    this.#onAllAnswered?.()
    this.#events.onClosed(cause)
  }

  #settleAllUnknown(): void {
    const ranges = this.#confirms ? [...rangesOf(this.#unanswered)] : []
    this.#unanswered.clear()
    for (const [first, last] of ranges) this.#events.onSettled(first, last, 'unknown', null)
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

/** Ascending sequences as inclusive ranges. */
function* rangesOf(sequences: Iterable<number>): Generator<[number, number]> {
  let first = -1
  let last = -1
  for (const sequence of sequences) {
    if (sequence === last + 1 && first >= 0) {
      last = sequence
      continue
    }
    if (first >= 0) yield [first, last]
    first = last = sequence
  }
  if (first >= 0) yield [first, last]
}

function optionsOf({ qos, properties }: PublishPlan): IClientPublishOptions {
  if (properties === null) return { qos }
  const { expirySeconds, userProperties } = properties
  return {
    qos,
    properties: {
      ...(expirySeconds === null ? {} : { messageExpiryInterval: expirySeconds }),
      ...(userProperties.length === 0 ? {} : { userProperties: Object.fromEntries(userProperties) }),
    },
  }
}
