import type { StartOk } from '../../../protocol/amqp091/client-arguments.ts'
import type { FieldTable, FieldValue } from '../../../protocol/amqp091/field-table.ts'
import type { EmbeddedSettings } from '../embedded-settings.ts'

/** SASL mechanisms as the broker offers them: EXTERNAL where every client has shown a certificate. */
export function mechanismsOf(settings: EmbeddedSettings): string {
  return settings.tlsClientCa === null ? 'PLAIN' : 'EXTERNAL PLAIN'
}

/** Whether the client may come in. */
export function isLetIn({ mechanism, response }: StartOk, settings: EmbeddedSettings): boolean {
  if (mechanism === 'EXTERNAL') return settings.tlsClientCa !== null
  if (mechanism !== 'PLAIN') return false
  if (settings.username === null) return true
  // An identity to act as, then user and password (RFC 4616).
  const [, username, password] = response.split('\0')
  return username === settings.username && password === settings.password
}

/** What the broker says of itself. @param serverName `brokermark-embedded/VERSION`. */
export function serverProperties(serverName: string): FieldTable {
  const [, version = ''] = serverName.split('/')
  const capabilities = ['publisher_confirms', 'basic.nack', 'consumer_cancel_notify', 'authentication_failure_close']
  return new Map<string, FieldValue>([
    ['product', 'brokermark embedded'],
    ['version', version],
    ['capabilities', new Map(capabilities.map((name) => [name, true]))],
  ])
}
