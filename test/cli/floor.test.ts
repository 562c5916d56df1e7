/** The floor from the command line: measured once, kept, beside every cell on a broker with an address. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test, type TestContext } from 'node:test'
import { launchEmbedded, type EmbeddedHandle } from '../../src/broker/embedded/launch-embedded.ts'
import type { Result } from '../../src/result/result.ts'
import { flowName, type FloorRecord } from '../../src/run/floor/floor-record.ts'
import { brokermark, scratchFolder, type Ended } from './brokermark.ts'

const UNWARMED = ['--set', 'phases.clientWarmupSeconds=0', '--set', 'phases.brokerWarmupSeconds=0']
/** By count: of a time that a machine stands still for, nothing would be measured. */
const SHORT = [...UNWARMED, '--set', 'phases.warmupSeconds=0.2', '-C', '50']

describe('the floor of a run on a broker with an address', () => {
  let broker: EmbeddedHandle
  before(async () => {
    broker = await launchEmbedded()
  })
  after(() => broker.stop())

  function runWith(folder: string, words: readonly string[]): Promise<Ended> {
    const target = `stomp://${broker.host}:${broker.port}`
    const environment = { XDG_CACHE_HOME: join(folder, 'cache') }
    return brokermark(['run', '-t', target, ...SHORT, '--json', ...words], { cwd: folder, environment, floor: true })
  }

  test('is measured before the first target, stands in every cell, and is known the next time', async (context) => {
    const folder = scratchFolder(context)
    const first = await runWith(folder, ['-x', '1,2', '-y', '1'])
    assert.match(first.stderr, /^calibrating stomp by wire with 1 KB \(1 of 1, \d+ s left\)\n/)
    const { cells } = JSON.parse(first.stdout) as Result
    assert.deepEqual(
      cells.map(({ floor }) => floor?.pairs),
      [1, 2],
    )
    for (const { floor, verdict } of cells) {
      assert.ok((floor?.p50Us ?? 0) > 0 && (floor?.ceilingPerSecond ?? 0) > 0, JSON.stringify(floor))
      assert.deepEqual([floor?.metric, floor?.pacer, floor?.inFlight], ['endToEnd', null, 1])
      assert.ok(verdict.checks.includes('floor') && verdict.checks.includes('ceiling'))
    }
    const second = await runWith(folder, [])
    assert.doesNotMatch(second.stderr, /calibrating/)
    const [cell] = (JSON.parse(second.stdout) as Result).cells
    assert.equal(cell?.floor?.p50Us, cells[0]?.floor?.p50Us)
    const refused = await runWith(folder, ['-r', '50000000', '-x', '64', '-y', '64'])
    assert.deepEqual([refused.exitCode, refused.stdout], [64, ''])
    assert.match(
      refused.stderr,
      /^brokermark: load\.ratePerSecond: 50000000 messages per second .* it needs \d+ threads/m,
    )
    assert.match(refused.stderr, /which are \d+ hosts/)
  })

  test('is left out by --no-floor, and the result says so', async (context) => {
    const folder = scratchFolder(context)
    const { stdout, stderr } = await runWith(folder, ['--no-floor'])
    assert.doesNotMatch(stderr, /calibrating/)
    const [cell] = (JSON.parse(stdout) as Result).cells
    assert.equal(cell?.floor, null)
    assert.ok(cell.notes.some((note) => note.startsWith('No floor: ')))
    assert.ok(!cell.verdict.checks.includes('floor'))
    assert.ok(!fs.existsSync(join(folder, 'cache')))
  })

  test('is left out of the cells of a resumed run too, where the run began without', async (context) => {
    const folder = scratchFolder(context)
    const environment = { XDG_CACHE_HOME: join(folder, 'cache') }
    const target = `stomp://${broker.host}:${broker.port}`
    const words = ['run', '-t', target, ...SHORT, '-x', '1,2', '-y', '1', '--no-floor']
    await brokermark(words, { cwd: folder, environment, floor: true })
    const [run = assert.fail('no run')] = fs.readdirSync(join(folder, 'results'))
    // What a kill after the first cell leaves behind.
    for (const file of ['result.json', 'cells/t1-1024B-2x1.json']) fs.rmSync(join(folder, 'results', run, file))
    const resumed = await brokermark(['run', '--resume', run, '--json'], { cwd: folder, environment, floor: true })
    assert.doesNotMatch(resumed.stderr, /calibrating/)
    const { cells } = JSON.parse(resumed.stdout) as Result
    assert.deepEqual(
      cells.map(({ floor, notes }) => [floor, notes.filter((note) => note.startsWith('No floor: ')).length]),
      [
        [null, 1],
        [null, 1],
      ],
    )
    assert.ok(!fs.existsSync(join(folder, 'cache')))
  })
})

async function calibrated(context: TestContext, words: readonly string[]): Promise<Ended> {
  const environment = { XDG_CACHE_HOME: scratchFolder(context) }
  return brokermark(['calibrate', ...words], { environment })
}

describe('brokermark calibrate', () => {
  test('prints the floors that it measured, of each size, in an open and a closed model', async (context) => {
    const words = ['--protocol', 'mqtt', '--client', 'wire', '-s', '100,1KB', '--json']
    const { exitCode, stdout, stderr } = await calibrated(context, words)
    assert.equal(exitCode, 0, stderr)
    assert.match(stderr, /^calibrating mqtt by wire with 100 B \(1 of 2, .*\n.* with 1 KB \(2 of 2, /)
    const floors = JSON.parse(stdout) as FloorRecord[]
    assert.deepEqual(
      floors.map(({ protocol, client, messageBytes, flow }) => [protocol, client, messageBytes, flowName(flow)]),
      [
        ['mqtt', 'wire', 100, '2000/s, spin'],
        ['mqtt', 'wire', 100, '1 x 1 in flight'],
        ['mqtt', 'wire', 1024, '2000/s, spin'],
        ['mqtt', 'wire', 1024, '1 x 1 in flight'],
      ],
    )
    for (const { publish } of floors) assert.ok((publish.p50Us ?? 0) > 0)
  })

  test("measures in the pacer modes of a plan's rates, no faster than 60 % of the ceiling", async (context) => {
    const words = ['--protocol', 'mqtt', '--client', 'wire', '-r', '20,5000000']
    const { exitCode, stdout, stderr } = await calibrated(context, words)
    assert.equal(exitCode, 0, stderr)
    // On a machine with other work even 2,000/s may be more than 60 %, and is marked then.
    assert.match(stdout, /^mqtt .* \d[\d,]*\/s\* .* spin .*\nmqtt .* (2,000\/s|\d[\d,]*\/s\*) .* timer /m)
    assert.match(stdout, /^\* slower than wished: 60 % of the ceiling\.$/m)
  })

  test('does not say that floors are kept where they cannot be', async (context) => {
    const folder = scratchFolder(context)
    const file = join(folder, 'file')
    fs.writeFileSync(file, '')
    const { exitCode, stdout, stderr } = await brokermark(['calibrate', '--protocol', 'stomp', '--client', 'wire'], {
      environment: { XDG_CACHE_HOME: file },
    })
    assert.equal(exitCode, 0, stderr)
    assert.match(stderr, /^warning: the floor is not kept: /m)
    assert.match(stdout, /^stomp +wire /m)
    assert.doesNotMatch(stdout, /Kept in/)
  })

  test('knows its names', async (context) => {
    const { exitCode, stderr } = await calibrated(context, ['--protocol', 'mqt', '--client', 'wyre', '-s', 'big'])
    assert.equal(exitCode, 64)
    assert.match(stderr, /-s: .*expected a whole number of bytes/)
    assert.match(stderr, /--protocol: unknown name mqt, did you mean mqtt\?/)
    assert.match(stderr, /--client: unknown name wyre, did you mean wire\?/)
    const none = await calibrated(context, ['--protocol', 'openwire', '--client', 'library'])
    assert.match(none.stderr, /--client: openwire has no library client/)
  })
})
