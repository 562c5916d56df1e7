import assert from 'node:assert/strict'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { floorCachePath, readFloors, writeFloors } from '../../../src/run/floor/floor-cache.ts'
import { aFloor } from './a-floor.ts'

const { host } = aFloor()

function cacheIn(context: TestContext): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'brokermark-floor-'))
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'brokermark', 'floor.json')
}

describe('the cache of floors', () => {
  test('lies where the user keeps caches', () => {
    assert.equal(floorCachePath({ XDG_CACHE_HOME: '/c', HOME: '/h' }), '/c/brokermark/floor.json')
    assert.equal(floorCachePath({ HOME: '/h' }), '/h/.cache/brokermark/floor.json')
    assert.equal(floorCachePath({ XDG_CACHE_HOME: 'here', HOME: '/h' }), '/h/.cache/brokermark/floor.json')
  })

  test('gives back what was put there, each kind once, the newest', (context) => {
    const path = cacheIn(context)
    const mqtt = aFloor({ protocol: 'mqtt' })
    writeFloors(path, [aFloor(), mqtt])
    writeFloors(path, [aFloor({ ceilingPerSecond: 20_000 })])
    assert.deepEqual(readFloors(path, host), [mqtt, aFloor({ ceilingPerSecond: 20_000 })])
  })

  test('keeps floors of another size, another rate and another pacer mode side by side', (context) => {
    const path = cacheIn(context)
    const floors = [
      aFloor(),
      aFloor({ messageBytes: 10_240 }),
      aFloor({ flow: { model: 'open', wantedPerSecond: 5000, pacer: 'spin' } }),
      aFloor({ flow: { model: 'open', wantedPerSecond: 2000, pacer: 'timer' } }),
      aFloor({ flow: { model: 'closed', pairs: 1, inFlight: 100 }, pacer: null }),
      aFloor({ flow: { model: 'closed', pairs: 100, inFlight: 1 }, pacer: null }),
    ]
    for (const floor of floors) writeFloors(path, [floor])
    assert.deepEqual(readFloors(path, host), floors)
  })

  test('takes what an earlier version wrote for a floor at 2,000/s', (context) => {
    const path = cacheIn(context)
    writeFloors(path, [aFloor()])
    const old = Object.fromEntries(Object.entries(aFloor()).filter(([key]) => key !== 'flow'))
    fs.writeFileSync(path, JSON.stringify({ formatVersion: 1, floors: [old] }))
    assert.deepEqual(readFloors(path, host), [aFloor()])
  })

  for (const [what, change] of Object.entries({
    'another processor': { cpuModel: 'Other CPU' },
    'another number of cores': { cores: 8 },
    'another version': { toolVersion: '0.2.0' },
    'another commit': { toolCommit: 'a'.repeat(40) },
    'another Node': { nodeVersion: 'v22.0.0' },
  })) {
    test(`has nothing for ${what}`, (context) => {
      const path = cacheIn(context)
      writeFloors(path, [aFloor()])
      assert.deepEqual(readFloors(path, { ...host, ...change }), [])
    })
  }

  test('that is missing or broken is an empty one, and is written anew', (context) => {
    const path = cacheIn(context)
    assert.deepEqual(readFloors(path, host), [])
    writeFloors(path, [aFloor()])
    for (const text of ['', '{', '{"formatVersion":2,"floors":[]}', '{"formatVersion":1,"floors":[{"p50Us":1}]}']) {
      fs.writeFileSync(path, text)
      assert.deepEqual(readFloors(path, host), [], text)
    }
    writeFloors(path, [aFloor()])
    assert.deepEqual(readFloors(path, host), [aFloor()])
  })
})
