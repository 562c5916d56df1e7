import assert from 'node:assert/strict'
import { test } from 'node:test'
import { handshakeError } from '../../../src/driver/amqp091/handshake-error.ts'

const ATTEMPTED = 'AMQP 0-9-1 connection to amqp091://broker:5672'

const cases: readonly (readonly [string, Error, string])[] = [
  ['nothing listens', system('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5672'), 'refused'],
  ['no such host', system('ENOTFOUND', 'getaddrinfo ENOTFOUND broker'), 'unreachable'],
  ['no answer', new Error('connect ETIMEDOUT'), 'timeout'],
  [
    'a certificate of an unknown authority',
    system('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed'),
    'untrusted-certificate',
  ],
  [
    'a wrong password',
    new Error('Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused"'),
    'authentication',
  ],
  ['no EXTERNAL', new Error('SASL mechanism EXTERNAL is not provided by the server'), 'authentication'],
  ['an unknown virtual host', new Error('Expected ConnectionOpenOk; got <ConnectionClose channel:0>'), 'not-permitted'],
  ['a web server', new Error('Frame size 1345269038 exceeds maxFrameSize 67108864'), 'wrong-protocol'],
  ['a peer that hangs up', new Error('Socket closed abruptly during opening handshake'), 'wrong-protocol'],
]

for (const [what, thrown, code] of cases) {
  test(`while connecting, ${what} is ${code}`, () => {
    const error = handshakeError(thrown, ATTEMPTED)
    assert.equal(error.code, code)
    assert.ok(error.message.startsWith(ATTEMPTED), error.message)
  })
}

function system(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
