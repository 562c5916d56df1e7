import { DriverError } from '../driver-error.ts'

/** AMQP 0-9-1 reply codes by which the broker says no to what we asked, not to how (specification, section 1.2). */
const SAYS_NO = new Set([311, 403, 404, 405, 406, 530])

/** Reply codes for a peer, or us, breaking the protocol. */
const PROTOCOL_BROKEN = new Set([501, 502, 503, 504, 505, 540, 541])

/**
 * What ended an open connection or channel. amqplib puts the broker's reply code on `error.code`, if the broker gave one.
 * @param attempted what was going on, without credentials: `publishing to queue NAME`.
 */
export function sessionError(thrown: unknown, attempted: string): DriverError {
  if (thrown instanceof DriverError) return thrown
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const code = 'code' in error && typeof error.code === 'number' ? error.code : 0
  if (code === 406 && error.message.includes('inequivalent')) {
    const reason = `${attempted}: it exists already with other settings (${brokerWords(error.message)})`
    return new DriverError('not-permitted', reason)
  }
  if (SAYS_NO.has(code)) return new DriverError('not-permitted', `${attempted}: ${brokerWords(error.message)}`)
  if (code === 506) return new DriverError('resource-limit', `${attempted}: ${brokerWords(error.message)}`)
  if (PROTOCOL_BROKEN.has(code)) return new DriverError('protocol-error', `${attempted}: ${error.message}`)
  return new DriverError('closed', `${attempted}: ${error.message}`, { cause: error })
}

/** The reply text in amqplib's `... 404 (NOT-FOUND) with message "NOT_FOUND - no queue 'x'"`; all of it otherwise. */
function brokerWords(message: string): string {
  return /with message "(.*)"$/s.exec(message)?.[1] ?? message
}
