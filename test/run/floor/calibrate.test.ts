import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { calibrate } from '../../../src/run/floor/calibrate.ts'
import { writeFloors } from '../../../src/run/floor/floor-cache.ts'
import { floorHost } from '../../../src/run/floor/floor-host.ts'
import { aFloor } from './a-floor.ts'

/** What a run is told that uses the one floor of its cache. */
async function warningsOf(context: TestContext, othersPercent: number | null): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'brokermark-floor-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const cachePath = join(folder, 'floor.json')
  const floor = aFloor({ host: floorHost(), othersPercent })
  writeFloors(cachePath, [floor])
  const warnings: string[] = []
  const { floors } = await calibrate({
    wishes: [{ pair: floor, messageBytes: floor.messageBytes, flows: [floor.flow] }],
    cachePath,
    force: false,
    signal: AbortSignal.abort(),
    onStep: () => assert.fail('the cache has it'),
    onWarning: (sentence) => warnings.push(sentence),
  })
  assert.equal(floors.length, 1)
  return warnings
}

test('a floor that was measured beside other programs says so at every use', async (context) => {
  const [warning, ...others] = await warningsOf(context, 60.4)
  assert.match(warning ?? '', /^other programs took 60 % of this host while the floor of stomp by wire with \d+ bytes/)
  assert.deepEqual(others, [])
})

test('a floor of a quiet host is used without a word, and so is one of which it is not known', async (context) => {
  assert.deepEqual(await warningsOf(context, 12), [])
  assert.deepEqual(await warningsOf(context, null), [])
})
