import assert from 'node:assert/strict'
import { test } from 'node:test'
import rhea from 'rhea'
import { bytesOf } from '../../../src/driver/amqp10/body.ts'

const bodies: readonly (readonly [string, unknown, string])[] = [
  ['one data section', rhea.message.data_section(Buffer.from('abc')), 'abc'],
  ['several data sections', rhea.message.data_sections([Buffer.from('ab'), Buffer.from('c')]), 'abc'],
  ['a binary value', Buffer.from('abc'), 'abc'],
  ['a text value', 'abc', 'abc'],
  ['a sequence section', rhea.message.sequence_section(['abc']), ''],
  ['a number', 7, ''],
  ['nothing', null, ''],
]

for (const [what, body, text] of bodies) {
  test(`${what} has ${text === '' ? 'no bytes' : 'its bytes'}`, () => {
    // Through the wire format and back, as a broker would have it.
    const { body: received } = rhea.message.decode(rhea.message.encode({ body })) as { readonly body?: unknown }
    assert.equal(Buffer.from(bytesOf(received)).toString(), text)
  })
}
