import { DESCRIPTOR } from '../../protocol/amqp10/descriptor.ts'
import type { Disposition } from '../../protocol/amqp10/disposition.ts'
import type { Flow } from '../../protocol/amqp10/flow.ts'
import { AMQP_FRAME } from '../../protocol/amqp10/frame.ts'
import { encodeFrame } from '../../protocol/amqp10/performative.ts'
import { SendCredit } from '../../protocol/amqp10/send-credit.ts'
import { COORDINATOR, DECLARE, encodeDischarge, encodeTransfer } from '../../protocol/amqp10/transaction.ts'
import { DriverError } from '../driver-error.ts'
import type { SecondLink } from './wire-link-owner.ts'
import type { WireLink } from './wire-link.ts'

/** Whoever works in the transactions. */
export interface TransactionsOwner {
  /** No message is half sent: the session takes a transfer of another link. */
  readonly mayTransfer: boolean
  /** There is a transaction to work in, or what was to be said of the last one is said. */
  onTransactionReady(): void
  /** The oldest transaction that was ended is through. @param code why it was not committed; null: it was. */
  onTransactionEnded(code: string | null): void
}

/** Something asked of the coordinator and not answered. */
interface Request {
  readonly kind: 'declare' | 'discharge'
  readonly message: Uint8Array
  /** A discharge that rolls back. */
  readonly isFailed: boolean
}

/**
 * The link to the broker's coordinator of transactions (specification, part 4). One transaction is worked in while the
 * next is declared already, so that nobody waits at the end of one for the beginning of the next.
 */
export class WireTransactions implements SecondLink {
  readonly handle = 1
  readonly #link: WireLink
  readonly #owner: TransactionsOwner
  readonly #declared: Uint8Array[] = []
  /** To be sent, as soon as credit and window allow. */
  readonly #waiting: Request[] = []
  /** By delivery-id. */
  readonly #unanswered = new Map<number, Request>()
  readonly #onIdle: (() => void)[] = []
  readonly #onAnswer: (() => void)[] = []
  readonly #credit = new SendCredit()
  #isLost = false

  constructor(link: WireLink, owner: TransactionsOwner) {
    this.#link = link
    this.#owner = owner
  }

  /** @throws DriverError `unsupported` where the broker has no transactions. */
  async open(): Promise<void> {
    await this.#link.attachSecond(this, COORDINATOR)
    this.#ask({ kind: 'declare', message: DECLARE, isFailed: false })
    this.#ask({ kind: 'declare', message: DECLARE, isFailed: false })
  }

  /** The transaction to work in; null while the broker has not declared it, or has not been told of the end of the last. */
  get current(): Uint8Array | null {
    return this.#waiting.length > 0 ? null : (this.#declared[0] ?? null)
  }

  /** Ends the current transaction. */
  end(isFailed: boolean): void {
    const current = this.#declared.shift()
    if (current === undefined) throw new Error('there is no transaction to end')
    this.#ask({ kind: 'discharge', message: encodeDischarge(current, isFailed), isFailed })
    this.#ask({ kind: 'declare', message: DECLARE, isFailed: false })
  }

  /** Resolves when all that was ended is through, or the connection is gone. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle.push(resolve)
      this.#tellIfIdle()
    })
  }

  /** Resolves with the next answer, or when the connection is gone. */
  answered(): Promise<void> {
    return this.#isLost ? Promise.resolve() : new Promise((resolve) => this.#onAnswer.push(resolve))
  }

  /** The session's window, or the credit, may have opened. */
  resume(): void {
    if (this.#waiting.length === 0) return
    this.#sendWaiting()
    if (this.#waiting.length === 0) this.#owner.onTransactionReady()
  }

  onFlow(flow: Flow): void {
    this.#credit.flowed(flow)
    this.resume()
  }

  onDisposition(disposition: Disposition): void {
    const { first, last, state, isFromReceiver } = disposition
    if (!isFromReceiver || (state === DESCRIPTOR.received && !disposition.isSettled)) return
    for (const [id, request] of this.#unanswered) {
      if ((id - first) >>> 0 > (last - first) >>> 0) continue
      this.#unanswered.delete(id)
      this.#answered(request, disposition)
    }
    this.#tell()
  }

  onLost(): void {
    this.#isLost = true
    this.#tell()
  }

  #answered(request: Request, { state, transactionId, condition }: Disposition): void {
    if (request.kind === 'discharge') {
      const code = state === DESCRIPTOR.accepted ? null : (condition ?? 'rejected')
      this.#owner.onTransactionEnded(request.isFailed ? 'rolled back' : code)
    } else if (transactionId === null) {
      const sentence = `the broker declared no transaction (${condition ?? 'without a reason'})`
      this.#link.fail(new DriverError('unsupported', sentence))
    } else {
      this.#declared.push(transactionId)
      if (this.#declared.length === 1) this.#owner.onTransactionReady()
    }
  }

  #ask(request: Request): void {
    this.#waiting.push(request)
    this.#sendWaiting()
  }

  #sendWaiting(): void {
    const { flow, transport } = this.#link
    const { windows } = flow
    while (this.#credit.left > 0 && windows.outgoing > 0 && this.#owner.mayTransfer) {
      const request = this.#waiting.shift()
      if (request === undefined) return
      const id = flow.takeDeliveryId()
      this.#unanswered.set(id, request)
      this.#credit.used()
      windows.sent()
      transport.write(encodeFrame(AMQP_FRAME, encodeTransfer(this.handle, id, request.message)))
    }
  }

  #tell(): void {
    for (const resolve of this.#onAnswer.splice(0)) resolve()
    this.#tellIfIdle()
  }

  #tellIfIdle(): void {
    const isEnding = [...this.#waiting, ...this.#unanswered.values()].some(({ kind }) => kind === 'discharge')
    if (isEnding && !this.#isLost) return
    for (const resolve of this.#onIdle.splice(0)) resolve()
  }
}
