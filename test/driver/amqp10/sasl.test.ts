import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saslLogins } from '../../../src/driver/amqp10/sasl.ts'

const CERTIFICATE = { ca: null, certificate: 'CERTIFICATE', key: 'KEY', verify: true, serverName: null }

test('a user logs in by PLAIN, a client certificate alone by EXTERNAL and then as ANONYMOUS, nobody as ANONYMOUS', () => {
  const logins = (username: string | null, tls: typeof CERTIFICATE | null): string[][] =>
    saslLogins({ username, password: 'x', tls }).map((mechanisms) => Object.keys(mechanisms))
  assert.deepEqual(logins('anna', CERTIFICATE), [['PLAIN']])
  assert.deepEqual(logins(null, CERTIFICATE), [['EXTERNAL'], ['ANONYMOUS']])
  assert.deepEqual(logins(null, null), [['ANONYMOUS']])
})

test('a password outside ASCII is sent whole', () => {
  const [{ PLAIN }] = saslLogins({ username: 'jürgen', password: 'schlüssel', tls: null })
  let sent = ''
  PLAIN?.().start((_, response) => (sent = response.toString()))
  assert.equal(sent, '\0jürgen\0schlüssel')
})
