/** The last look at a text before it is written: no password of the run may be in it (method.md R7.2). Pure. */

/** A secret is in a text that was to be written. A bug: the message says where, never what. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
}

/** Shorter ones, and plain words such as `guest` or `artemis`, occur by themselves. */
const TELLING_LENGTH_MIN = 8

/**
 * Looks for each secret as it is, URL-encoded, JSON-escaped and in base64. A secret that is short or a plain word is
 * looked for only where it would stand as a password (`:guest@`, `password=guest`, `"password": "guest"`), because
 * brokers' default passwords are also their names.
 * @param secrets passwords, private keys, pass phrases; empty ones are ignored.
 * @throws SecretError naming the line.
 */
export function assertNoSecrets(text: string, secrets: readonly string[]): void {
  for (const secret of new Set(secrets)) {
    const at = secret === '' ? -1 : isTelling(secret) ? firstOf(text, spellings(secret)) : passwordPlace(text, secret)
    if (at < 0) continue
    const line = text.slice(0, at).split('\n').length
    throw new SecretError(
      `a secret of this run is in line ${line} of a text that was to be written: it was not written`,
    )
  }
}

function isTelling(secret: string): boolean {
  return secret.length >= TELLING_LENGTH_MIN && !/^[A-Za-z]+$/.test(secret)
}

function spellings(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret, 'utf8').toString('base64').replace(/=+$/, ''),
  ]
}

function firstOf(text: string, wanted: readonly string[]): number {
  const places = wanted.map((one) => text.indexOf(one)).filter((place) => place >= 0)
  return places.length === 0 ? -1 : Math.min(...places)
}

function passwordPlace(text: string, secret: string): number {
  const either = [...new Set(spellings(secret).slice(0, 3))].map(escaped).join('|')
  const place = new RegExp(
    `://[^\\s/@"]*:(${either})@|(password|passcode|passwd|pwd|secret)["']?\\s*[=:]\\s*["']?(${either})(?![\\w-])`,
    'i',
  )
  return text.search(place)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
