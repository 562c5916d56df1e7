import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wireLogin } from '../../../src/driver/amqp091/wire-login.ts'

const CERTIFICATE = { ca: 'CA', certificate: 'CERTIFICATE', key: 'KEY', verify: true, serverName: null }
const NOBODY = { username: null, password: null, tls: null }
const ALL = ['EXTERNAL', 'AMQPLAIN', 'PLAIN']

test('a user logs in by PLAIN, nobody as guest, a client certificate without a user by EXTERNAL where it is offered', () => {
  const login = (who: Parameters<typeof wireLogin>[0], offered = ALL): string | null => {
    const chosen = wireLogin(who, offered)
    if (chosen === null) return null
    return `${chosen.mechanism} ${new TextDecoder().decode(chosen.response).replaceAll('\0', '|')}`
  }
  assert.equal(login({ ...NOBODY, username: 'änna', password: 'päss' }), 'PLAIN |änna|päss')
  assert.equal(login({ ...NOBODY, username: 'anna', tls: CERTIFICATE }), 'PLAIN |anna|')
  assert.equal(login(NOBODY), 'PLAIN |guest|guest')
  assert.equal(login({ ...NOBODY, tls: CERTIFICATE }), 'EXTERNAL ')
  assert.equal(login({ ...NOBODY, tls: CERTIFICATE }, ['PLAIN']), 'PLAIN |guest|guest')
  assert.equal(login(NOBODY, ['EXTERNAL']), null)
})
