import { DESCRIPTOR } from '../../protocol/amqp10/descriptor.ts'
import { DISPOSITION_BYTES, NO_STATE, writeDisposition } from '../../protocol/amqp10/disposition.ts'
import type { Disposition } from '../../protocol/amqp10/disposition.ts'
import type { Flow } from '../../protocol/amqp10/flow.ts'
import { encodeMessageHead } from '../../protocol/amqp10/message-head.ts'
import { TransferTemplate } from '../../protocol/amqp10/transfer-template.ts'
import { TransferWriter } from '../../protocol/amqp10/transfer-writer.ts'
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
  publisher.begin()
  await before(AbortSignal.timeout(FIRST_CREDIT_MS), publisher.credited, attempted).catch(() => undefined)
  return publisher
}

/** Delivery-ids are the sequence numbers, of which they are the low 32 bits: there is one link in the session. */
class WirePublisher implements Publisher, LinkOwner {
  link!: WireLink
  /** Resolves with the first link credit, or when the link is lost. */
  readonly credited: Promise<void>
  readonly #spec: PublisherSpec
  readonly #events: PublisherEvents
  readonly #template: TransferTemplate
  #writer: TransferWriter | null = null
  readonly #blockage: Blockage
  readonly #unsettled = new UnsettledWindow()
  #onCredit: () => void = () => undefined
  /** Messages that the peer takes, and how many it was given so far, drained credit included. */
  #credit = 0
  #deliveryCount = 0
  #published = 0
  /** Confirms of this turn, merged: `first..last`; empty while `last` is -1. */
  #first = 0
  #last = -1

  constructor(spec: PublisherSpec, events: PublisherEvents) {
    this.#spec = spec
    this.#events = events
    this.#blockage = new Blockage(events)
    const head = encodeMessageHead({ isDurable: spec.persistent, ...spec.properties })
    this.#template = new TransferTemplate({ isSettled: !spec.confirm, head })
    this.credited = new Promise((resolve) => (this.#onCredit = resolve))
  }

  /** The link is attached. */
  begin(): void {
    const { transport, windows, frameBytesMax } = this.link
    transport.messagePerWrite = this.#spec.messagePerWrite ?? false
    this.#writer = new TransferWriter(transport, windows, frameBytesMax)
    // Credit may have come in the packet of the attach.
    if (this.#maySend()) this.#onCredit()
  }

  publish(body: Uint8Array, sequence: number): PublishResult {
    const { link } = this
    const writer = this.#writer
    if (writer === null || this.#blockage.isBlocked || !link.isOpen) return 'not-taken'
    if (!this.#maySend()) {
      this.#blockage.block('credit')
      return 'not-taken'
    }
    this.#credit--
    this.#deliveryCount++
    this.#published = sequence + 1
    if (this.#spec.confirm) this.#unsettled.accept(sequence)
    writer.send(this.#template, sequence, body)
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
    this.#writer?.resume()
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
    return this.#credit > 0 && this.#writer?.maySend === true
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
