/** R8.6: how many messages the clients put into one write is chosen in the workload, and the figure printed is the true one. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { CellResult, Result } from '../../src/result/result.ts'
import { brokermark } from './brokermark.ts'

const PROTOCOLS = ['stomp', 'mqtt', 'amqp091', 'amqp10', 'openwire'] as const
const WINDOW = 100
/** By count, so that they outnumber the writes of connecting however slow the host is. */
const MESSAGES = 1_000
/** Connecting and declaring are writes as well, and no message is among them. */
const SINGLE_RANGE = { from: 0.9, to: 1 }
/** Confirms come several to a read, so each turn sends several; by how many depends on the host. */
const BATCHED_MIN = 2

describe('R8.6: a window of 100 through the wire driver', () => {
  let single: readonly CellResult[] = []
  let batched: readonly CellResult[] = []
  const folder = fs.mkdtempSync(join(tmpdir(), 'brokermark-cli-'))
  after(() => fs.rmSync(folder, { recursive: true, force: true }))
  before(async () => {
    single = await cellsOf(folder, ['--set', 'delivery.messagePerWrite=true'])
    batched = await cellsOf(folder, [])
  })

  for (const protocol of PROTOCOLS) {
    const messagesPerWrite = (cells: readonly CellResult[]): number => {
      const cell = cells.find((one) => one.protocol === protocol)
      assert.equal(cell?.client, 'wire')
      return cell.generator?.messagesPerWrite ?? Number.NaN
    }

    test(`of ${protocol} writes each message by itself where the workload says so`, () => {
      const found = messagesPerWrite(single)
      assert.ok(found > SINGLE_RANGE.from && found <= SINGLE_RANGE.to, `${found} messages per write`)
    })

    test(`of ${protocol} puts several messages into a write by default`, () => {
      const found = messagesPerWrite(batched)
      assert.ok(found >= BATCHED_MIN && found <= WINDOW, `${found} messages per write`)
    })
  }
})

/** One short cell per protocol on the broker inside. */
async function cellsOf(folder: string, words: readonly string[]): Promise<readonly CellResult[]> {
  const targets = PROTOCOLS.flatMap((protocol) => ['-t', `embedded:?protocol=${protocol}`])
  const short = ['--set', 'phases.warmupSeconds=0.2', '-C', String(MESSAGES), '-c', String(WINDOW), '--client', 'wire']
  const { stdout, stderr } = await brokermark(['run', ...targets, ...short, ...words, '--json'], { cwd: folder })
  assert.notEqual(stdout, '', stderr)
  return (JSON.parse(stdout) as Result).cells
}
