import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectOptions, loginsOf, socketOptions } from '../../../src/driver/amqp091/connect-options.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'

const PLAIN: Endpoint = {
  protocol: 'amqp091',
  transport: 'tcp',
  host: 'broker',
  port: 5672,
  path: '/',
  options: {},
  username: null,
  password: null,
  tls: null,
}

const CERTIFICATE = { ca: 'CA', certificate: 'CERTIFICATE', key: 'KEY', verify: true, serverName: null }

const [LOGIN] = loginsOf(PLAIN)

test('the virtual host is / and the heartbeat 30 seconds where the URL says nothing', () => {
  const options = connectOptions(PLAIN)
  assert.equal(decodeURIComponent(options.vhost ?? ''), '/')
  assert.equal(options.heartbeat, 30)
})

test('virtual host and heartbeat come from the URL', () => {
  const options = connectOptions({ ...PLAIN, options: { vhost: 'a/b', heartbeat: '0' } })
  assert.equal(decodeURIComponent(options.vhost ?? ''), 'a/b')
  assert.equal(options.heartbeat, 0)
})

test('a user logs in by PLAIN, nobody as guest, a client certificate without a user by EXTERNAL and then as guest', () => {
  const logins = (endpoint: Endpoint): string[] =>
    loginsOf(endpoint).map((login) => `${login.mechanism} ${login.response().toString().replaceAll('\0', '|')}`)
  assert.deepEqual(logins({ ...PLAIN, username: 'anna', password: 'pass' }), ['PLAIN |anna|pass'])
  assert.deepEqual(logins(PLAIN), ['PLAIN |guest|guest'])
  assert.deepEqual(logins({ ...PLAIN, tls: CERTIFICATE }), ['EXTERNAL ', 'PLAIN |guest|guest'])
  assert.deepEqual(logins({ ...PLAIN, tls: CERTIFICATE, username: 'anna', password: 'p' }), ['PLAIN |anna|p'])
})

test('certificates are verified against the name given, else against the host, and never by an address', () => {
  const { rejectUnauthorized, servername, ca } = socketOptions({ ...PLAIN, tls: CERTIFICATE }, LOGIN, 'id', 1000)
  assert.deepEqual({ rejectUnauthorized, servername, ca }, { rejectUnauthorized: true, servername: 'broker', ca: 'CA' })
  const named = { ...PLAIN, host: '127.0.0.1', tls: { ...CERTIFICATE, serverName: 'other' } }
  assert.equal(socketOptions(named, LOGIN, 'id', 1000).servername, 'other')
  assert.equal(socketOptions({ ...named, tls: CERTIFICATE }, LOGIN, 'id', 1000).servername, undefined)
})
