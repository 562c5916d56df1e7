import { DESCRIPTOR } from '../../protocol/amqp10/descriptor.ts'
import { DISPOSITION_BYTES, NO_STATE, writeDisposition } from '../../protocol/amqp10/disposition.ts'
import type { Disposition } from '../../protocol/amqp10/disposition.ts'
import type { Flow } from '../../protocol/amqp10/flow.ts'
import { TRANSFER_BYTES, TransferTemplate } from '../../protocol/amqp10/transfer-template.ts'
import { Blockage } from '../blockage.ts'
import { before } from '../deadline.ts'
import { DriverError } from '../driver-error.ts'
import type {
  ConnectOptions,
  Outcome,
  Publisher,
  PublisherEvents,
  PublisherSpec,
  PublishResult,
  WireCounters,
} from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { UnsettledWindow } from '../unsettled-window.ts'
import { terminiOf } from './address.ts'
import { WireLink } from './wire-link.ts'
import type { LinkOwner } from './wire-link.ts'

/** A broker that has no room gives no credit: then the publisher opens all the same, blocked. */
const FIRST_CREDIT_MS = 1_000

/** Opens a producer on a connection of its own and waits for its first credit. @throws DriverError */
export async function openWirePublisher(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: PublisherSpec,
  events: PublisherEvents,
): Promise<Publisher> {
  const publisher = new WirePublisher(spec, events)
  const link = await WireLink.open(endpoint, options, spec.clientId, publisher)
  publisher.link = link
  const attempted = `publishing to ${spec.destination.kind} ${spec.destination.name}`
  try {
    const termini = terminiOf(spec.destination, link.identity, true)
    await link.attach({ role: 'sender', isSettled: !spec.confirm, termini, attempted })
  } catch (thrown) {
    await link.abandon(thrown)
    throw thrown
  }
  await before(AbortSignal.timeout(FIRST_CREDIT_MS), publisher.credited, attempted).catch(() => undefined)
  return publisher
}

/** A message whose later frames wait for the session's window. */
interface Rest {
  readonly body: Uint8Array
  readonly deliveryId: number
  /** Bytes of the message that went out. */
  from: number
}

/** Delivery-ids are the sequence numbers, of which they are the low 32 bits: there is one link in the session. */
class WirePublisher implements Publisher, LinkOwner {
  link!: WireLink
  /** Resolves with the first link credit, or when the link is lost. */
  readonly credited: Promise<void>
  readonly #spec: PublisherSpec
  readonly #events: PublisherEvents
  readonly #template: TransferTemplate
  readonly #blockage: Blockage
  readonly #unsettled = new UnsettledWindow()
  #onCredit: () => void = () => undefined
  /** Messages that the peer takes, and how many it was given so far, drained credit included. */
  #credit = 0
  #deliveryCount = 0
  #published = 0
  #rest: Rest | null = null
  /** Confirms of this turn, merged: `first..last`; empty while `last` is -1. */
  #first = 0
  #last = -1

  constructor(spec: PublisherSpec, events: PublisherEvents) {
    this.#spec = spec
    this.#events = events
    this.#blockage = new Blockage(events)
    this.#template = new TransferTemplate(spec.persistent, !spec.confirm)
    this.credited = new Promise((resolve) => (this.#onCredit = resolve))
  }

  publish(body: Uint8Array, sequence: number): PublishResult {
    const { link } = this
    if (this.#blockage.isBlocked || !link.isOpen) return 'not-taken'
    if (!this.#maySend()) {
      this.#blockage.block('credit')
      return 'not-taken'
    }
    this.#credit--
    this.#deliveryCount++
    this.#published = sequence + 1
    if (this.#spec.confirm) this.#unsettled.accept(sequence)
    const frameBytes = this.#template.frameBytes(body.length)
    if (frameBytes <= link.frameBytesMax) {
      const { transport } = link
      const at = transport.reserve(frameBytes)
      const end = this.#template.write(transport.output, at, sequence, body)
      link.windows.sent()
      transport.commit(end)
    } else {
      this.#publishInPieces(body, sequence)
    }
    if (!this.#maySend()) this.#blockage.block('credit')
    else if (!link.transport.isBlocked) return 'accepted'
    return 'accepted-now-full'
  }

  counters(): WireCounters {
    return this.link.transport.counters()
  }

  async close(): Promise<void> {
    await this.link.close()
    this.onTurnEnd()
    this.#settleAsUnknown()
    this.#blockage.end()
  }

  onTransfer(): void {
    this.link.fail(new DriverError('protocol-error', `${this.link.transport.peer} sent a transfer to a producer`))
  }

  onFlow(flow: Flow): void {
    if (flow.linkCredit >= 0) {
      // What we sent and the peer had not counted yet uses up its credit.
      const notCounted = (this.#deliveryCount - Math.max(0, flow.deliveryCount)) >>> 0
      this.#credit = flow.linkCredit - notCounted
      if (flow.isDrain && this.#credit > 0) this.#giveBackCredit()
      else if (flow.isEcho) this.link.sendFlow(this.#deliveryCount, this.#credit, false)
    }
    if (this.#rest !== null) this.#continue(this.#rest)
    if (!this.#maySend()) return
    this.#onCredit()
    this.#blockage.unblock('credit')
  }

  onDisposition(disposition: Disposition): void {
    if (!disposition.isFromReceiver) return
    const { state, isSettled } = disposition
    const isOutcome = state >= DESCRIPTOR.accepted && state <= DESCRIPTOR.modified
    if (!isOutcome && !isSettled) return
    const first = Math.max(this.#sequenceOf(disposition.first), this.#unsettled.lowest)
    const last = Math.min(this.#sequenceOf(disposition.last), this.#published - 1)
    this.#settle(first, last, outcomeOf(state), codeOf(disposition))
    if (!isSettled) this.#answer(disposition.first, disposition.last, state)
  }

  onTurnEnd(): void {
    const last = this.#last
    if (last < 0) return
    this.#last = -1
    this.#events.onSettled(this.#first, last, 'confirmed', null)
  }

  onBlocked(): void {
    this.#blockage.block('socket')
  }

  onDrain(): void {
    this.#blockage.unblock('socket')
  }

  onLost(cause: DriverError): void {
    this.#onCredit()
    this.onTurnEnd()
    this.#settleAsUnknown()
    // Without confirms nothing was ever answered, so nothing is known of any message.
    if (!this.#spec.confirm && this.#published > 0) this.#events.onSettled(0, this.#published - 1, 'unknown', null)
    this.#blockage.end()
    this.#events.onClosed(cause)
  }

  #maySend(): boolean {
    return this.#credit > 0 && this.link.windows.outgoing > 0 && this.#rest === null
  }

  #publishInPieces(body: Uint8Array, sequence: number): void {
    const rest = { body, deliveryId: sequence, from: 0 }
    // What the window does not take now must outlive the caller's buffer; `slice` makes a view of a Buffer.
    if (!this.#sendPieces(rest)) this.#rest = { ...rest, body: new Uint8Array(body) }
  }

  #continue(rest: Rest): void {
    if (this.#sendPieces(rest)) this.#rest = null
  }

  /** True: the whole message went out; false: the session's window is used up. */
  #sendPieces(rest: Rest): boolean {
    const { windows, transport, frameBytesMax } = this.link
    const messageBytes = this.#template.messageBytes(rest.body.length)
    while (rest.from < messageBytes && windows.outgoing > 0) {
      const pieceBytes = Math.min(frameBytesMax - TRANSFER_BYTES, messageBytes - rest.from)
      const at = transport.reserve(TRANSFER_BYTES + pieceBytes)
      const end = this.#template.writePiece(transport.output, at, rest.deliveryId, rest.body, rest.from, pieceBytes)
      windows.sent()
      rest.from += pieceBytes
      transport.commit(end)
    }
    return rest.from === messageBytes
  }

  /** The sequence nearest to what was published whose low 32 bits are the delivery-id. */
  #sequenceOf(deliveryId: number): number {
    return this.#published + ((deliveryId - this.#published) | 0)
  }

  /** Settles what of `first..last` is not settled yet, and reports it in whole ranges. */
  #settle(first: number, last: number, outcome: Outcome, code: string | null): void {
    let from = -1
    for (let sequence = first; sequence <= last; sequence++) {
      const isOpen = this.#unsettled.settle(sequence) !== 'none'
      if (isOpen && from < 0) from = sequence
      if (isOpen || from < 0) continue
      this.#report(from, sequence - 1, outcome, code)
      from = -1
    }
    if (from >= 0) this.#report(from, last, outcome, code)
  }

  /** Confirms that follow each other within one turn become one range. */
  #report(first: number, last: number, outcome: Outcome, code: string | null): void {
    const isConfirmed = outcome === 'confirmed'
    if (!isConfirmed || first !== this.#last + 1) this.onTurnEnd()
    if (!isConfirmed) {
      this.#events.onSettled(first, last, outcome, code)
      return
    }
    if (this.#last < 0) this.#first = first
    this.#last = last
  }

  /** A receiver that names an outcome and does not settle waits for us to. */
  #answer(first: number, last: number, state: number): void {
    const { transport } = this.link
    const at = transport.reserve(DISPOSITION_BYTES)
    transport.commit(writeDisposition(transport.output, at, false, first, last, state))
  }

  /** The peer drains the link: what we do not use of its credit is to be counted as used. */
  #giveBackCredit(): void {
    this.#deliveryCount += this.#credit
    this.#credit = 0
    this.link.sendFlow(this.#deliveryCount, 0, true)
  }

  #settleAsUnknown(): void {
    this.#unsettled.settleAll((first, last) => this.#events.onSettled(first, last, 'unknown', null))
  }
}

function outcomeOf(state: number): Outcome {
  if (state === DESCRIPTOR.accepted) return 'confirmed'
  return state === NO_STATE || state === DESCRIPTOR.received ? 'unknown' : 'refused'
}

/** The condition of a rejection, `rejected` where the broker gives none; else the outcome's own name. */
function codeOf({ state, condition }: Disposition): string | null {
  switch (state) {
    case DESCRIPTOR.rejected:
      return condition ?? 'rejected'
    case DESCRIPTOR.released:
      return 'released'
    case DESCRIPTOR.modified:
      return 'modified'
    default:
      return null
  }
}
