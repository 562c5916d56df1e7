import type { Endpoint } from '../endpoint.ts'

/** What rhea asks of a SASL mechanism on the client's side. */
export interface SaslMechanism {
  start(answer: (error: undefined, response: Buffer) => void): void
  step(challenge: unknown, answer: (error: undefined, response: Buffer) => void): void
}

/** What is offered to the broker in one attempt to log in: rhea takes the first that the broker names. */
export type SaslMechanisms = Readonly<Record<string, () => SaslMechanism>>

/**
 * The ways to log in, one mechanism each, to be tried in order while the broker does not have the mechanism: PLAIN with a
 * user; EXTERNAL, then ANONYMOUS, with a client certificate and no user (a broker may demand the certificate in TLS only);
 * ANONYMOUS else. Ours and not rhea's: its PLAIN counts characters instead of bytes and cuts passwords that are not
 * ASCII short.
 */
export function saslLogins(
  endpoint: Pick<Endpoint, 'username' | 'password' | 'tls'>,
): readonly [SaslMechanisms, ...SaslMechanisms[]] {
  const { username, password, tls } = endpoint
  if (username !== null) return [{ PLAIN: () => answering(Buffer.from(`\0${username}\0${password ?? ''}`)) }]
  const anonymous = { ANONYMOUS: () => answering(Buffer.from('anonymous')) }
  return tls?.certificate == null ? [anonymous] : [{ EXTERNAL: () => answering(Buffer.alloc(0)) }, anonymous]
}

/** rhea's words for a broker that has none of the mechanisms offered. */
export const NO_MECHANISM = 'No suitable mechanism'

function answering(response: Buffer): SaslMechanism {
  return {
    start: (answer) => answer(undefined, response),
    step: (_, answer) => answer(undefined, response),
  }
}
