import { DriverError, toDriverError } from '../driver-error.ts'

/**
 * Why an AMQP 0-9-1 connection could not be opened. amqplib tells in words only, so its words are what is looked at
 * (lib/connection.js, `open`): system and TLS errors carry a code, the broker's refusals their reply code in the text.
 * @param attempted what was tried, without credentials: `AMQP 0-9-1 connection to amqp091://host:5672`.
 */
export function handshakeError(thrown: unknown, attempted: string): DriverError {
  if (thrown instanceof DriverError) return thrown
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  if (text.endsWith('ETIMEDOUT')) return new DriverError('timeout', `${attempted}: no answer in time`)
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') {
    return toDriverError(thrown, attempted)
  }
  if (/\b403\b|ACCESS[-_]REFUSED/.test(text)) {
    return new DriverError('authentication', `${attempted}: the broker refused the user or password`)
  }
  if (isNotOffered(thrown)) return new DriverError('authentication', `${attempted}: ${text}`)
  if (text.startsWith('Expected ConnectionOpenOk') || /\b530\b/.test(text)) {
    return new DriverError('not-permitted', `${attempted}: no such virtual host, or not for this user`)
  }
  if (text.startsWith('Handshake terminated')) return new DriverError('protocol-error', `${attempted}: ${text}`)
  return new DriverError('wrong-protocol', `${attempted}: what answers does not speak AMQP 0-9-1 (${text})`)
}

/** The broker does not have the SASL mechanism: another may do. */
export function isNotOffered(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.startsWith('SASL mechanism')
}
