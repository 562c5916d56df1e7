import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allocateMeasurements } from '../../src/measure/shared-measurements.ts'
import { watchWindow, type Watch } from '../../src/run/measure-window.ts'
import type { Crew } from '../../src/worker/crew.ts'
import { phaseTimes } from '../../src/worker/phase-plan.ts'

const SECOND_US = 1_000_000
/** What a busy machine takes to make an interval. */
const INTERVAL_TAKES_US = 10 * SECOND_US

for (const warmupSeconds of [0, 0.001]) {
  test(`the CPU of a window after ${warmupSeconds} s of warm-up is read before anything else is done at its ends`, async () => {
    let atUs = 0
    const intervalsUs: number[] = []
    const watch: Watch = {
      crew: { failure: null, lost: null } as unknown as Crew,
      phases: phaseTimes(0, warmupSeconds, 0.001),
      memories: [allocateMeasurements()],
      probe: {
        source: 'a clock',
        base: '1 core',
        cores: 1,
        read: () => ({ atUs, cpuUs: atUs, memoryBytes: 7 }),
      },
      metric: 'endToEndService',
      deliveriesPerMessage: 1,
      producers: 1,
      limitedByCount: false,
      nowUs: () => (atUs += 100),
      signal: new AbortController().signal,
      onInterval: () => {
        intervalsUs.push(atUs)
        atUs += INTERVAL_TAKES_US
      },
    }
    const window = await watchWindow(watch)
    const [beforeUs = NaN, afterUs = NaN] = [window.brokerBefore?.cpuUs, window.brokerAfter?.cpuUs]
    const lastUs = intervalsUs.at(-1) ?? NaN
    assert.ok(beforeUs < SECOND_US, `${beforeUs} us`)
    assert.ok(afterUs > lastUs - SECOND_US && afterUs <= lastUs, `${afterUs} us, the last interval at ${lastUs} us`)
    assert.equal(window.brokerMemoryBytesMax, 7)
  })
}
