/** R2.6 from end to end: a run of messages that are too small for a time, on the broker inside. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { CellResult, Result } from '../../src/result/result.ts'
import { brokermark } from './brokermark.ts'

/** The broker serves nothing for 400 ms in the middle of every 2 s. */
const STALL = 'embedded:?stallMs=400&stallEveryMs=2000'
/** A message that met the stall was confirmed and delivered soon after each other; how soon depends on the host. */
const AGREEMENT = { from: 0.5, to: 2 }

describe('R2.6: a run with messages of 16 bytes', () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'brokermark-cli-'))
  after(() => fs.rmSync(folder, { recursive: true, force: true }))

  for (const arrivals of ['constant', 'poisson'] as const) {
    test(`has the response latency end to end that producers see, where arrivals are ${arrivals}, and says that times are recomputed`, async () => {
      const open = ['-r', '500', '-x', '2', '-y', '2', '--set', `load.arrivals=${arrivals}`]
      const cell = await cellOf(folder, open)
      assert.equal(cell.messageTimes, 'recomputed')
      assert.equal(cell.latencyUs?.endToEnd?.service, null)
      const received = cell.latencyUs.endToEnd.response ?? assert.fail('no response latency end to end')
      const confirmed = cell.latencyUs.publish?.response ?? assert.fail('no response latency of publishing')
      assert.ok(received.count > 700, `${received.count} messages`)
      assert.equal(received.count, confirmed.count)
      assert.equal(received.negative, 0)
      assert.ok((received.mean ?? 0) > 20_000, `mean ${String(received.mean)} us: the stall is in it`)
      const ratio = (received.mean ?? 0) / (confirmed.mean ?? 0)
      assert.ok(ratio > AGREEMENT.from && ratio < AGREEMENT.to, `${ratio} times the publish latency`)
      assert.ok(cell.notes.some((note) => note.includes('recomputed from the schedule')))
    })
  }

  test('has no latency end to end in a closed model, and says why', async () => {
    const cell = await cellOf(folder, [])
    assert.equal(cell.messageTimes, 'unknown')
    assert.equal(cell.latencyUs?.endToEnd, null)
    assert.ok(cell.notes.some((note) => note.includes('in a closed model it cannot be recomputed')))
  })
})

async function cellOf(folder: string, words: readonly string[]): Promise<CellResult> {
  const short = ['-s', '16', '--set', 'phases.warmupSeconds=0.2', '-z', '2']
  const { stdout, stderr } = await brokermark(['run', '-t', STALL, ...short, ...words, '--json'], { cwd: folder })
  assert.notEqual(stdout, '', stderr)
  const [cell] = (JSON.parse(stdout) as Result).cells
  return cell ?? assert.fail(stderr)
}
