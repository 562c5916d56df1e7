import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FlightIntegral, type FlightArea } from '../../src/measure/flight-integral.ts'
import { SeededRandom } from '../../src/workload/seeded-random.ts'

type Reading = readonly [atUs: number, sent: number, arrived: number]

function areaOf(readings: readonly Reading[]): FlightArea {
  const integral = new FlightIntegral()
  for (const [atUs, sent, arrived] of readings) integral.add(atUs, sent, arrived)
  return integral.area
}

describe('what is in flight, added up', () => {
  test('is rate times time, whenever the readings came', () => {
    const area = areaOf([0, 1_000, 1_500, 9_000, 30_000].map((atUs) => [atUs, 70, 20]))
    assert.deepEqual(area, { readings: 5, areaUs: 50 * 30_000, errorUs: 0 })
  })

  test('weighs a reading that came late as the time that it stands for', () => {
    const rising = [0, 10_000, 20_000, 45_000, 50_000].map((atUs): Reading => [atUs, atUs / 1_000, 0])
    assert.equal(areaOf(rising).areaUs, (50 * 50_000) / 2)
  })

  test('may be off by half of what the counts leave open, at random', () => {
    // From 3 in flight to 5, while 6 were sent and 4 arrived: 9 at most, none at least.
    const { areaUs, errorUs } = areaOf([
      [0, 10, 7],
      [10_000, 16, 11],
    ])
    assert.equal(areaUs, 4 * 10_000)
    assert.equal(errorUs.toFixed(3), ((3.29 * (9 * 10_000)) / 2).toFixed(3))
  })

  test('may be off by all that the counts leave open where a reading came more than 50 ms late', () => {
    const late: readonly Reading[] = [
      [0, 10, 7],
      [60_000, 16, 11],
    ]
    assert.equal(areaOf(late).errorUs, 5 * 60_000)
  })

  test('leaves out a reading that is no later than the last', () => {
    const area = areaOf([
      [1_000, 4, 0],
      [1_000, 900, 0],
      [2_000, 4, 0],
    ])
    assert.deepEqual(area, { readings: 2, areaUs: 4_000, errorUs: 0 })
  })

  test('knows how far it may be off: crowds that come and go between readings, a thousand times', () => {
    // Each 50 ms a crowd of 100 that takes 5 ms: 10 in flight on average. One moment in each 10 ms.
    const random = new SeededRandom(3)
    const [stretchUs, stretches] = [10_000, 500]
    const errors = Array.from({ length: 1_000 }, () => {
      const { areaUs, errorUs } = areaOf(
        Array.from({ length: stretches }, (_, stretch): Reading => {
          const atUs = (stretch + random.uniform()) * stretchUs
          const crowd = Math.floor(atUs / 50_000)
          return [atUs, (crowd + 1) * 100, (crowd + (atUs % 50_000 < 5_000 ? 0 : 1)) * 100]
        }),
      )
      const wholeUs = stretchUs * stretches
      return { off: areaUs / wholeUs - 10, may: errorUs / wholeUs }
    })
    const mean = errors.reduce((sum, { off }) => sum + off, 0) / errors.length
    assert.ok(Math.abs(mean) < 0.1, `off by ${mean} on average`)
    assert.ok(errors.every(({ off, may }) => Math.abs(off) < may))
    const spread = Math.sqrt(errors.reduce((sum, { off }) => sum + off ** 2, 0) / errors.length)
    assert.ok(errors.every(({ may }) => may < 10 * spread))
  })
})
