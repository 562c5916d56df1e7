import { DriverError, type DriverErrorCode } from '../driver-error.ts'
import { NO_MECHANISM } from './sasl.ts'

/** AMQP 1.0 error conditions (specification, 2.8.15 to 2.8.18) that are not just the end of the connection. */
const CODES: Readonly<Record<string, DriverErrorCode>> = {
  'amqp:unauthorized-access': 'not-permitted',
  'amqp:not-found': 'not-permitted',
  'amqp:not-allowed': 'not-permitted',
  'amqp:precondition-failed': 'not-permitted',
  'amqp:resource-locked': 'not-permitted',
  'amqp:resource-deleted': 'closed',
  'amqp:connection:forced': 'closed',
  'amqp:link:detach-forced': 'closed',
  'amqp:link:stolen': 'closed',
  'amqp:resource-limit-exceeded': 'resource-limit',
  'amqp:not-implemented': 'unsupported',
}

/** Brokers put stack traces of theirs into descriptions. */
const DESCRIPTION_LENGTH_MAX = 200

/** The error of a detach, end or close frame; absent: the broker ended it without a reason. */
export interface PeerError {
  readonly condition?: string
  readonly description?: string
}

/**
 * What the broker's error means.
 * @param attempted what was going on, without credentials.
 * @param stage `connecting`: an unauthorised access is then one of user and password, and not of a permission.
 * @param username brokers repeat it in what they refuse, and names are credentials: it is taken out. Null: nobody's.
 */
export function amqpError(
  peerError: PeerError | null | undefined,
  attempted: string,
  stage: 'connecting' | 'connected',
  username: string | null = null,
): DriverError {
  const condition = peerError?.condition ?? ''
  const words = peerError?.description ?? ''
  const description = firstLine(username === null || username === '' ? words : words.replaceAll(username, '…'))
  if (description.startsWith(NO_MECHANISM)) {
    return new DriverError('authentication', `${attempted}: ${description}`)
  }
  if (stage === 'connecting' && (condition === 'amqp:unauthorized-access' || /authenticat/i.test(description))) {
    const reason = description === '' ? '' : ` (${description})`
    return new DriverError('authentication', `${attempted}: the broker refused the user or password${reason}`)
  }
  if (condition === '') return new DriverError('closed', `${attempted}: the broker ended it`)
  return new DriverError(CODES[condition] ?? 'protocol-error', `${attempted}: ${condition} (${description})`)
}

/** rhea's own error objects lead to the connection and so to the password: only their words are taken. */
export function peerErrorOf(error: unknown): PeerError | null {
  if (typeof error !== 'object' || error === null) return null
  const { condition, description } = error as { readonly condition?: unknown; readonly description?: unknown }
  return {
    ...(typeof condition === 'string' ? { condition } : {}),
    ...(typeof description === 'string' ? { description } : {}),
  }
}

function firstLine(description: string): string {
  const line = description.split('\n', 1)[0] ?? ''
  return line.length > DESCRIPTION_LENGTH_MAX ? `${line.slice(0, DESCRIPTION_LENGTH_MAX)}...` : line
}
