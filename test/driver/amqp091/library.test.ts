import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { amqp091Library } from '../../../src/driver/amqp091/library.ts'
import { highWaterMark } from '../../../src/driver/amqp091/publisher.ts'

test('the client version that results show is the one installed', () => {
  const main = createRequire(import.meta.url).resolve('amqplib')
  const { version } = JSON.parse(readFileSync(join(dirname(main), 'package.json'), 'utf8')) as {
    readonly version: string
  }
  assert.equal(amqp091Library.clientVersion, `amqplib ${version}`)
})

test('the buffer in front of the socket holds about one MiB, whatever the size of a message', () => {
  assert.equal(highWaterMark(12), 1024)
  assert.equal(highWaterMark(102_400), 10)
  assert.equal(highWaterMark(50_000_000), 2)
})
