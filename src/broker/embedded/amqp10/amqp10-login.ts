import type { EmbeddedSettings } from '../embedded-settings.ts'

/** The settings that say who may log in, and how. */
type LoginSettings = Pick<EmbeddedSettings, 'username' | 'password' | 'tlsClientCa'>

const text = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The SASL mechanisms that are offered: PLAIN alone where there is a password; else anybody may come in. EXTERNAL where
 * the listeners have seen a certificate of everybody who is connected.
 */
export function mechanismsOf({ username, tlsClientCa }: LoginSettings): readonly string[] {
  if (username !== null) return ['PLAIN']
  return tlsClientCa === null ? ['ANONYMOUS', 'PLAIN'] : ['EXTERNAL', 'ANONYMOUS', 'PLAIN']
}

/** @param response of PLAIN: authorisation identity, user and password, each ended or separated by a zero byte. */
export function mayLogIn(settings: LoginSettings, mechanism: string | null, response: Uint8Array): boolean {
  if (mechanism === null || !mechanismsOf(settings).includes(mechanism)) return false
  if (settings.username === null) return true
  const [, username, password] = text.decode(response).split('\0')
  return username === settings.username && password === settings.password
}
