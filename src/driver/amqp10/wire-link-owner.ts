/** What a link is asked to be, and whom it serves. */
import type { Disposition } from '../../protocol/amqp10/disposition.ts'
import type { Flow } from '../../protocol/amqp10/flow.ts'
import type { AmqpFrame } from '../../protocol/amqp10/frame.ts'
import type { Transfer } from '../../protocol/amqp10/transfer.ts'
import type { DriverError } from '../driver-error.ts'
import type { Terminus } from './address.ts'

/** Whom a link serves. What is handed over is valid only during the call. */
export interface LinkOwner {
  onTransfer(transfer: Transfer, frame: AmqpFrame): void
  onDisposition(disposition: Disposition): void
  /** The peer's flow, also one of the session alone; the windows know of it already. */
  onFlow(flow: Flow): void
  onTurnEnd(): void
  onBlocked(): void
  onDrain(): void
  /** The link is gone, and it was not `close` that ended it. Called once, only after `attach` has resolved. */
  onLost(cause: DriverError): void
}

/** A link beside the one that carries the messages: the one to the coordinator of transactions. */
export interface SecondLink {
  /** Ours; the other link has 0. */
  readonly handle: number
  /** Also a flow of the session alone. */
  onFlow(flow: Flow): void
  onDisposition(disposition: Disposition): void
  onLost(): void
}

/** Which end of a link we are, and whether messages are sent settled. */
export interface LinkAsk {
  readonly role: 'sender' | 'receiver'
  readonly isSettled: boolean
  readonly termini: readonly Terminus[]
  /** Beginning of the error's sentence. */
  readonly attempted: string
  /** Absent: the id of the container. */
  readonly linkName?: string
  /** The terminus stays when the link is detached. Absent: false. */
  readonly outlivesLink?: boolean
}
