/** R8.1, R6.1: what is held in memory does not depend on how many messages have passed. No time is measured here. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { HeldMemory } from './memory-process.ts'

const MEGABYTE = 1_000_000
const KIBIBYTE = 1_024

describe('what is held in memory', () => {
  let held: HeldMemory
  before(async () => {
    const program = fileURLToPath(new URL('./memory-process.js', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program])
    held = JSON.parse(stdout) as HeldMemory
  })

  test('by the loops, recorders and ledgers grows by less than 1 MB in a minute at 50,000 messages per second', () => {
    assert.equal(held.delivered, 3_500_000)
    const grown = held.minuteLater - held.afterStart
    assert.ok(grown < MEGABYTE, `${grown} bytes more after 3,000,000 messages`)
  })

  test('by the ledger is at most 16 KiB per producer and consumer thread, and 10^6 messages in order add next to nothing', () => {
    assert.ok(held.ledgerOfProducer < 16 * KIBIBYTE, `${held.ledgerOfProducer} bytes`)
    assert.ok(held.ledgerOfProducerLater < 16 * KIBIBYTE, `${held.ledgerOfProducerLater} bytes after 10^6`)
    const grown = held.ledgerOfProducerLater - held.ledgerOfProducer
    // A mark for each of 15 full chunks.
    assert.ok(grown < 2 * KIBIBYTE, `${grown} bytes more after 10^6 messages`)
  })
})
