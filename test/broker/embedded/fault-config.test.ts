import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseEmbeddedSettings } from '../../../src/broker/embedded/embedded-settings.ts'
import { parseFaultConfig } from '../../../src/broker/embedded/fault-config.ts'
import { launchEmbedded } from '../../../src/broker/embedded/launch-embedded.ts'
import { UsageError } from '../../../src/workload/problem.ts'

describe('the switches of the embedded broker', () => {
  test('are all off where none is given, and then there is no fault model', () => {
    assert.equal(parseEmbeddedSettings({}).faults, null)
    const config = parseFaultConfig({})
    assert.deepEqual([config.stall, config.dropEvery, config.holdBack, config.seed], [null, null, 0, 1])
  })

  test('are read as numbers', () => {
    const config = parseFaultConfig({ stallMs: '500', stallEveryMs: '5000', serviceMicros: '0.5', reorderEvery: '997' })
    assert.deepEqual(config.stall, { durationMs: 500, everyMs: 5000 })
    assert.deepEqual([config.serviceMicros, config.service, config.reorderBy], [0.5, 'fixed', 50])
  })

  const wrong: readonly [switches: Record<string, string>, path: string, text: RegExp][] = [
    [{ dropevery: '3' }, 'dropevery', /no such switch; it has stallMs, .*dropEvery/],
    [{ dropEvery: '0' }, 'dropEvery', /"0" is not a whole number of 1 or more/],
    [{ dropEvery: '1.5' }, 'dropEvery', /"1.5" is not a whole number/],
    [{ capacityPerSecond: '-1' }, 'capacityPerSecond', /"-1" is not a number above 0/],
    [{ capacityPerSecond: '' }, 'capacityPerSecond', /"" is not a number above 0/],
    [{ stallMs: '500' }, 'stallMs', /says nothing without stallEveryMs/],
    [{ stallMs: '500', stallEveryMs: '500' }, 'stallMs', /500 is not below stallEveryMs \(500\)/],
    [{ serviceMicros: '9', service: 'poisson' }, 'service', /"poisson" is neither fixed nor exponential/],
    [{ service: 'fixed' }, 'service', /says nothing without serviceMicros/],
    [{ reorderBy: '5' }, 'reorderBy', /says nothing without reorderEvery/],
    [{ username: 'me' }, 'username', /says nothing without password/],
    [{ tlsClientCa: 'ca.pem' }, 'tlsClientCa', /says nothing without tlsCertificate/],
    [{ memoryMegabytes: '0' }, 'memoryMegabytes', /"0" is not a number above 0/],
  ]
  for (const [switches, path, text] of wrong) {
    test(`${JSON.stringify(switches)} is refused`, () => {
      assert.throws(
        () => parseEmbeddedSettings(switches),
        (error: unknown) => error instanceof UsageError && error.problems[0]?.path === path && text.test(error.message),
      )
    })
  }

  test('are refused all at once, before a process is started', async () => {
    await assert.rejects(
      () => launchEmbedded({ dropEvery: 'x', seed: '-1', nonsense: '1' }),
      (error: unknown) => error instanceof UsageError && error.problems.length >= 3,
    )
  })
})
