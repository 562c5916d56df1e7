import type { Endpoint } from '../endpoint.ts'

/** What rhea asks of a SASL mechanism on the client's side. */
export interface SaslMechanism {
  start(answer: (error: undefined, response: Buffer) => void): void
  step(challenge: unknown, answer: (error: undefined, response: Buffer) => void): void
}

/**
 * The one mechanism that is offered: PLAIN with a user, EXTERNAL with a client certificate and no user, ANONYMOUS else.
 * Ours and not rhea's: its PLAIN counts characters instead of bytes and cuts passwords that are not ASCII short.
 */
export function saslMechanisms(
  endpoint: Pick<Endpoint, 'username' | 'password' | 'tls'>,
): Readonly<Record<string, () => SaslMechanism>> {
  const { username, password, tls } = endpoint
  if (username !== null) return { PLAIN: () => answering(Buffer.from(`\0${username}\0${password ?? ''}`)) }
  if (tls?.certificate != null) return { EXTERNAL: () => answering(Buffer.alloc(0)) }
  return { ANONYMOUS: () => answering(Buffer.from('anonymous')) }
}

function answering(response: Buffer): SaslMechanism {
  return {
    start: (answer) => answer(undefined, response),
    step: (_, answer) => answer(undefined, response),
  }
}
