import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertNoSecrets, SecretError } from '../../src/result/assert-no-secrets.ts'
import { aCell, aHeader } from './result-builder.ts'

const SECRET = 'pl4nted/"pass word'

for (const [how, text] of [
  ['as it is', `x ${SECRET} y`],
  ['in a URL', `stomp://user:${encodeURIComponent(SECRET)}@host`],
  ['in JSON', JSON.stringify({ note: SECRET })],
  ['in base64', `Basic ${Buffer.from(SECRET).toString('base64')}`],
] as const) {
  test(`a planted password is found ${how}, and not repeated in the error`, () => {
    assert.throws(
      () => assertNoSecrets(`first\n${text}`, ['other', SECRET]),
      (error: unknown) =>
        error instanceof SecretError && /line 2/.test(error.message) && !error.message.includes('pl4nted'),
    )
  })
}

test('a password that is a plain word is found where a password stands, and only there', () => {
  for (const text of ['amqp091://guest:guest@host', '{"password": "guest"}', 'password=guest', "passcode: 'guest'"]) {
    assert.throws(() => assertNoSecrets(text, ['guest']), SecretError, text)
  }
  for (const text of ['{"user": "guest"}', 'ActiveMQ artemis', 'guest', 'password: guestbook', 'stomp://guest@host']) {
    assert.doesNotThrow(() => assertNoSecrets(text, ['guest', 'artemis', '']), text)
  }
})

test('a result as it should be has no secret', () => {
  const text = JSON.stringify({ ...aHeader('r1'), cells: [aCell('a')] })
  assert.doesNotThrow(() => assertNoSecrets(text, [SECRET, 'admin', 'guest', 'activemq', '']))
})
