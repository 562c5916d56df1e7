import type { Endpoint } from '../endpoint.ts'

/** A SASL mechanism with its answer; holds a secret. */
export interface WireLogin {
  readonly mechanism: 'PLAIN' | 'EXTERNAL'
  readonly response: Uint8Array
}

/**
 * How to log in, of what the broker offers: PLAIN with a user; EXTERNAL with a client certificate and no user; else as
 * `guest`, whom RabbitMQ lets in from its own host only. Null: the broker offers none of these.
 */
export function wireLogin(
  endpoint: Pick<Endpoint, 'username' | 'password' | 'tls'>,
  offered: readonly string[],
): WireLogin | null {
  const { username, password, tls } = endpoint
  if (username === null && tls?.certificate != null && offered.includes('EXTERNAL')) {
    return { mechanism: 'EXTERNAL', response: new Uint8Array(0) }
  }
  if (!offered.includes('PLAIN')) return null
  const answer = username === null ? '\0guest\0guest' : `\0${username}\0${password ?? ''}`
  return { mechanism: 'PLAIN', response: new TextEncoder().encode(answer) }
}
