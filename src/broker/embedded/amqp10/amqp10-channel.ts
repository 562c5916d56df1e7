/** One session of AMQP 1.0 as a server speaks it: links by their handles, both windows, dispositions in both directions. */
import { readAttach } from '../../../protocol/amqp10/attach.ts'
import type { Attach } from '../../../protocol/amqp10/attach.ts'
import { DESCRIPTOR } from '../../../protocol/amqp10/descriptor.ts'
import { Disposition, DISPOSITION_BYTES, writeDisposition } from '../../../protocol/amqp10/disposition.ts'
import { encodeSessionFlow, Flow } from '../../../protocol/amqp10/flow.ts'
import { AMQP_FRAME } from '../../../protocol/amqp10/frame.ts'
import type { AmqpFrame } from '../../../protocol/amqp10/frame.ts'
import {
  encodeBegin,
  encodeDetach,
  encodeEnd,
  encodeError,
  encodeFrame,
} from '../../../protocol/amqp10/performative.ts'
import type { AmqpReader } from '../../../protocol/amqp10/reader.ts'
import { encodeAttachAnswer } from '../../../protocol/amqp10/server-performative.ts'
import { SessionWindows } from '../../../protocol/amqp10/session-windows.ts'
import { Transfer } from '../../../protocol/amqp10/transfer.ts'
import { readValue } from '../../../protocol/amqp10/value.ts'
import type { AmqpValue } from '../../../protocol/amqp10/value.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import type { Sender } from '../service-line.ts'
import { Unacknowledged } from '../unacknowledged.ts'
import { Amqp10Refusal } from './amqp10-refusal.ts'
import { ConsumerLink } from './consumer-link.ts'
import { destinationOf } from './link-destination.ts'
import { ProducerLink } from './producer-link.ts'

/** Links of one session; a handle must fit one byte. */
const HANDLE_MAX = 255

/** The connection that the session is on. */
export interface ChannelHost {
  readonly broker: EmbeddedBroker
  readonly connection: Connection
  /** Longest frame that the client takes. */
  readonly frameBytesMax: number
  /** What is being read, where it need not be copied to be kept; else null. */
  readonly chunk: Uint8Array | null
  onPublished(): void
  onConsumersChanged(): void
  cut(): void
}

export class Amqp10Channel implements Sender {
  readonly number: number
  readonly host: ChannelHost
  readonly windows = new SessionWindows()
  readonly unacknowledged = new Unacknowledged<ConsumerLink>()
  readonly #transfer = new Transfer()
  readonly #disposition = new Disposition()
  readonly #flow = new Flow()
  readonly #producers: (ProducerLink | undefined)[] = []
  readonly #consumers: (ConsumerLink | undefined)[] = []
  /** Accepted and not yet said: delivery-ids `first..last`; none while `#confirmCount` is 0. */
  #confirmCount = 0
  #confirmFirst = 0
  #confirmLast = 0

  /** @param fields of the client's begin: channel, next outgoing id, incoming window ... */
  constructor(host: ChannelHost, number: number, fields: readonly AmqpValue[]) {
    this.host = host
    this.number = number
    this.windows.begun(numberOf(fields[1]), numberOf(fields[2]))
    this.#write(encodeBegin(HANDLE_MAX, number))
  }

  get hasConsumers(): boolean {
    return this.#consumers.some((link) => link !== undefined)
  }

  onPerformative(descriptor: number, reader: AmqpReader, frame: AmqpFrame): void {
    switch (descriptor) {
      case DESCRIPTOR.transfer:
        this.#transfer.read(reader)
        this.#onTransfer(frame)
        return
      case DESCRIPTOR.disposition:
        this.#disposition.read(reader)
        this.#onDisposition(this.#disposition)
        return
      case DESCRIPTOR.flow:
        this.#flow.read(reader)
        this.#onFlow(this.#flow)
        return
      case DESCRIPTOR.attach:
        this.#onAttach(readAttach(reader))
        return
      case DESCRIPTOR.detach:
        this.#onDetach(readValue(reader))
        return
      default:
        throw reader.error('a performative of a session')
    }
  }

  /** Everything of one chunk was read: what was accepted in it is said in as few dispositions as it takes. */
  onTurnEnd(): void {
    if (this.#confirmCount === 0) return
    this.#confirmCount = 0
    this.#writeDisposition(true, this.#confirmFirst, this.#confirmLast, DESCRIPTOR.accepted)
  }

  /** A message is safe; said at the end of the turn. */
  accepted(deliveryId: number): void {
    if (this.#confirmCount > 0 && deliveryId === (this.#confirmLast + 1) >>> 0) {
      this.#confirmLast = deliveryId
      return
    }
    this.onTurnEnd()
    this.#confirmCount = 1
    this.#confirmFirst = deliveryId
    this.#confirmLast = deliveryId
  }

  /** @param receipt the delivery-id, four bytes. */
  confirm(receipt: Uint8Array): void {
    const [a = 0, b = 0, c = 0, d = 0] = receipt
    this.onTurnEnd()
    const deliveryId = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
    this.#writeDisposition(true, deliveryId, deliveryId, DESCRIPTOR.accepted)
  }

  cut(): void {
    this.host.cut()
  }

  /** The client takes bytes again. */
  resume(): void {
    for (const link of this.#consumers) link?.resume()
  }

  end(): void {
    for (const link of this.#producers) link?.end()
    for (const link of this.#consumers) link?.end()
    this.#producers.length = 0
    this.#consumers.length = 0
    this.host.onConsumersChanged()
  }

  answerEnd(): void {
    this.onTurnEnd()
    this.#write(encodeEnd())
  }

  #onTransfer(frame: AmqpFrame): void {
    const { handle } = this.#transfer
    const link = this.#producers[handle]
    if (link === undefined) throw new Amqp10Refusal('amqp:session:unattached-handle', `no link has handle ${handle}`)
    const isWindowDue = this.windows.received()
    link.onTransfer(this.#transfer, frame)
    if (!isWindowDue) return
    this.#write(encodeSessionFlow(this.windows))
    this.windows.renewed()
  }

  /** A client's answer to what we delivered. */
  #onDisposition({ isFromReceiver, first, last, state, isSettled }: Disposition): void {
    const isOutcome = state >= DESCRIPTOR.accepted && state <= DESCRIPTOR.modified
    if (!isFromReceiver || (!isOutcome && !isSettled)) return
    const { unacknowledged } = this
    const from = this.#numberOf(first)
    const until = Math.min(this.#numberOf(last), unacknowledged.next - 1)
    let link: ConsumerLink | null = null
    for (let number = from; number <= until; number++) {
      const owner = unacknowledged.ownerOf(number)
      if (owner === null) continue
      if (link !== owner) link?.settledSome()
      link = owner
      owner.settle(number, state)
    }
    link?.settledSome()
    // A receiver that does not settle waits for us to.
    if (!isSettled) this.#writeDisposition(false, first, last, state)
  }

  #onFlow(flow: Flow): void {
    this.windows.flowed(flow.nextIncomingId, flow.incomingWindow)
    if (flow.handle >= 0) this.#consumers[flow.handle]?.onFlow(flow)
    else this.resume()
  }

  #onAttach(attach: Attach): void {
    const { handle, isReceiver } = attach
    if (handle > HANDLE_MAX || this.#producers[handle] !== undefined || this.#consumers[handle] !== undefined) {
      throw new Amqp10Refusal('amqp:session:handle-in-use', `handle ${handle} is in use or beyond the handle-max`)
    }
    const wanted = destinationOf(attach)
    const isRefused = wanted.kind === 'refused'
    const answer = encodeAttachAnswer({
      ...attach,
      role: isReceiver ? 'sender' : 'receiver',
      source: isRefused ? null : (attach.source?.encoded ?? null),
      target: isRefused ? null : (attach.target?.encoded ?? null),
    })
    this.#write(answer)
    if (isRefused) {
      this.#write(encodeDetach(handle, encodeError(wanted.condition, wanted.description)))
    } else if (isReceiver) {
      const link = new ConsumerLink(this, handle, wanted, attach.senderSettleMode === 1)
      this.#consumers[handle] = link
      this.host.onConsumersChanged()
    } else {
      this.#producers[handle] = new ProducerLink(this, handle, wanted)
    }
  }

  /** The client's detach, or its answer to ours: only a link that is there is answered. */
  #onDetach(value: AmqpValue): void {
    const handle = Array.isArray(value) ? numberOf((value as readonly AmqpValue[])[0]) : 0
    const link = this.#producers[handle] ?? this.#consumers[handle]
    if (link === undefined) return
    this.onTurnEnd()
    link.end()
    this.#producers[handle] = undefined
    this.#consumers[handle] = undefined
    this.host.onConsumersChanged()
    this.#write(encodeDetach(handle))
  }

  /** Of a delivery: one above the id whose low 32 bits these are, nearest to the latest. */
  #numberOf(deliveryId: number): number {
    const nextId = this.unacknowledged.next - 1
    return nextId + ((deliveryId - nextId) | 0) + 1
  }

  #writeDisposition(isFromReceiver: boolean, first: number, last: number, state: number): void {
    const { connection } = this.host
    const at = connection.reserve(DISPOSITION_BYTES)
    const end = writeDisposition(connection.output, at, isFromReceiver, first, last, state, this.number)
    connection.commit(end)
  }

  #write(performative: Uint8Array): void {
    this.host.connection.write(encodeFrame(AMQP_FRAME, performative, this.number))
  }
}

function numberOf(value: AmqpValue | undefined): number {
  return typeof value === 'number' ? value : 0
}
