import type { FieldReader } from '../../protocol/amqp091/field-reader.ts'
import type { BlockReason } from '../driver.ts'
import type { DriverError } from '../driver-error.ts'

/** What a session tells the publisher, consumer or admin that it serves. */
export interface SessionOwner {
  /** Goes on after the broker has closed the channel: the operation failed, not the session. */
  readonly outlivesChannel: boolean
  /** A method on the channel, before anybody else sees it. False: not the owner's business. Valid only during the call. */
  onMethod(method: number, fields: FieldReader): boolean
  /** At the property flags of what follows the method before. */
  onContentHeader?(properties: FieldReader): void
  /** Valid only during the call. */
  onContent?(buffer: Uint8Array, start: number, end: number): void
  /** Everything in one chunk was handed over. */
  onTurnEnd?(): void
  /** May be told of several reasons at a time. */
  onBlocked?(reason: BlockReason): void
  onUnblocked?(reason: BlockReason): void
  /** The session is gone and `close` did not end it. Called once. */
  onLost(cause: DriverError): void
}
