import type { Throwable } from '../../protocol/openwire/answer.ts'
import { DriverError } from '../driver-error.ts'
import type { DriverErrorCode } from '../driver-error.ts'

/** `javax.jms.ResourceAllocationException` → `ResourceAllocationException`. */
export function shortClassName(throwable: Throwable): string {
  return throwable.className.slice(throwable.className.lastIndexOf('.') + 1)
}

/**
 * A broker's exception as one sentence. Brokers repeat the user's name in their refusals, and names are credentials: it
 * is taken out.
 * @param isLoggingIn the exception answers our ConnectionInfo, so that security is about who we are.
 */
export function failureOf(
  throwable: Throwable,
  peer: string,
  isLoggingIn: boolean,
  username: string | null,
): DriverError {
  const code = codeOf(throwable, isLoggingIn)
  if (code === 'authentication') return new DriverError(code, `${peer} refused the user name or password`)
  const name = username ?? ''
  const text = name === '' ? throwable.message : throwable.message.replaceAll(name, '…')
  return new DriverError(code, `${peer} answered with ${shortClassName(throwable)}: ${oneLine(text)}`)
}

function codeOf(throwable: Throwable, isLoggingIn: boolean): DriverErrorCode {
  const name = shortClassName(throwable)
  const text = throwable.message
  if (/Security/.test(name)) return isLoggingIn ? 'authentication' : 'not-permitted'
  if (/not authorized|security/i.test(text)) return 'not-permitted'
  if (/ResourceAllocation|ExceededMaximumConnections/.test(name) || /maximum number of client/i.test(text)) {
    return 'resource-limit'
  }
  if (/InvalidClientID|InvalidDestination/.test(name)) return 'not-permitted'
  return 'protocol-error'
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}
