/** The profiles: what they set, what goes before them, and what contradicts them (method.md R3.2). */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { shippedWorkloads } from '../../src/cli/shipped-files.ts'
import { expand } from '../../src/workload/expand.ts'
import { estimateCampaignSeconds } from '../../src/workload/estimate.ts'
import type { Override } from '../../src/workload/override.ts'
import { parseWorkload, type ParsedWorkload } from '../../src/workload/parse-workload.ts'
import { profileCautions } from '../../src/workload/profile-problems.ts'
import { PROFILES } from '../../src/workload/profile.ts'
import { scheduledMessages } from '../../src/workload/scheduled-messages.ts'
import type { Cell } from '../../src/workload/cell.ts'
import type { Target } from '../../src/workload/target.ts'
import type { PhasePlan, Workload } from '../../src/workload/workload.ts'

const loopback: Target = { kind: 'loopback', label: 'loopback:', faults: {} }

function parse(text: string | null, overrides: readonly Override[] = []): ParsedWorkload {
  return parseWorkload({ text, fallbackName: 'w', overrides })
}

function workloadOf(text: string | null, overrides: readonly Override[] = []): Workload {
  const parsed = parse(text, overrides)
  assert.ok(parsed.kind === 'workload', JSON.stringify(parsed))
  return parsed.workload
}

function phasesOf(text: string): PhasePlan {
  return workloadOf(text).phases
}

function sentencesOf(text: string, overrides: readonly Override[] = []): readonly string[] {
  const parsed = parse(text, overrides)
  assert.ok(parsed.kind === 'problems', 'expected problems')
  return parsed.problems.map((problem) => `${problem.path}: ${problem.text}`)
}

function cellsOf(text: string): readonly Cell[] {
  return expand(workloadOf(text), [loopback], { defaultClient: () => 'wire', brokerWarmupGiven: false })
}

function measuredSeconds(text: string): readonly number[] {
  return cellsOf(text).map((cell) => cell.phases.measureSeconds)
}

describe('R3.2: a profile', () => {
  test('sets lengths and repetitions, and stands in the workload', () => {
    const lengths = PROFILES.map((profile) => {
      const { phases, profile: stored } = workloadOf(`profile: ${profile}`)
      const { brokerWarmupSeconds, warmupSeconds, measureSeconds, repeats } = phases
      return [stored, brokerWarmupSeconds, warmupSeconds, measureSeconds, repeats]
    })
    assert.deepEqual(lengths, [
      ['smoke', 0, 5, 25, 1],
      ['standard', 20, 10, 60, 5],
      ['tail', 20, 10, 60, 5],
      ['soak', 20, 60, 7200, 1],
    ])
  })

  test('leaves everything as it was where there is none', () => {
    const { profile, phases } = workloadOf('')
    assert.deepEqual(
      [profile, phases.warmupSeconds, phases.measureSeconds, phases.repeats, phases.measureMessagesMin],
      [null, 5, 30, 1, null],
    )
    const byCount = phasesOf('phases: { messagesPerProducer: 10 }')
    assert.equal(byCount.measureSeconds, 600)
  })

  test('sets defaults only: what the file says by name goes before it', () => {
    const phases = phasesOf('profile: standard\nphases: { measureSeconds: 90, repeats: 2, order: listed }')
    assert.deepEqual([phases.measureSeconds, phases.repeats, phases.order, phases.warmupSeconds], [90, 2, 'listed', 10])
  })

  test('of a flag goes before that of the file', () => {
    const flag = { path: 'profile', at: '--profile', value: 'soak' }
    assert.equal(workloadOf('profile: smoke', [flag]).profile, 'soak')
    assert.deepEqual(sentencesOf('', [{ ...flag, value: 'smok' }]), [
      '--profile: got "smok", expected smoke, standard, tail or soak',
    ])
  })

  test('of a quick form draws the order of cells by lot and warms the broker up, if it claims anything', () => {
    const flag = (value: string): Override => ({ path: 'profile', at: '--profile', value })
    const { phases } = workloadOf(null, [flag('standard')])
    assert.deepEqual([phases.order, phases.brokerWarmupSeconds], ['shuffled', 20])
    assert.equal(workloadOf(null, [flag('smoke')]).phases.order, 'listed')
  })

  test('is refused what contradicts its meaning, in one sentence that names the key', () => {
    assert.deepEqual(sentencesOf('profile: standard\nphases: { measureSeconds: 59 }'), [
      'phases.measureSeconds: 59 s is less than the 60 s that profile standard measures at least: set phases.measureSeconds (-z) to 60 or more, or take profile smoke',
    ])
    assert.deepEqual(sentencesOf('profile: tail', [{ path: 'phases.measureSeconds', at: '-z', value: 30 }]), [
      '-z: 30 s is less than the 60 s that profile tail measures at least: set phases.measureSeconds (-z) to 60 or more, or take profile smoke',
    ])
    assert.deepEqual(sentencesOf('profile: standard\nphases: { messagesPerProducer: 1000000 }'), [
      'phases.messagesPerProducer: profile standard measures by time, 60 s or more, and a number of messages may be sent sooner: leave this out, or take profile smoke',
    ])
    assert.deepEqual(sentencesOf('profile: smoke\nphases: { measureSeconds: 26 }'), [
      'phases.measureSeconds: 26 s after 5 s of warm-up are more than the 30 s in all that profile smoke gives a cell: shorten phases.measureSeconds (-z) or phases.warmupSeconds, or take profile standard',
    ])
    assert.match(
      sentencesOf('profile: smoke\nphases: { warmupSeconds: 6 }')[0] ?? '',
      /^phases\.warmupSeconds: 25 s after 6 s/,
    )
  })

  test('of a soak may be shortened, and of a smoke run ended by a number of messages', () => {
    assert.equal(phasesOf('profile: soak\nphases: { measureSeconds: 4 }').measureSeconds, 4)
    const { measureSeconds, messagesPerProducer } = phasesOf('profile: smoke\nphases: { messagesPerProducer: 100 }')
    assert.deepEqual([measureSeconds, messagesPerProducer], [25, 100])
  })
})

describe('R3.2: the tail profile in an open model', () => {
  const open = (load: string, more = ''): string => `profile: tail\n${more}\nload: { model: open, ${load} }`

  test('measures for as long as 2,700,000 messages take and a second more, each cell by its own rate', () => {
    assert.deepEqual(
      measuredSeconds(`${open('ratePerSecond: [1000, 5000, 50000]')}\nphases: { repeats: 1, order: listed }`),
      [2701, 541, 60],
    )
  })

  test('counts a rate per producer in total, a ramp by its mean, steps one by one and the last one to the end', () => {
    const once = 'phases: { repeats: 1, order: listed }'
    assert.deepEqual(measuredSeconds(open('ratePerProducer: 500', `${once}\nmatrix: { pairs: [2, 10] }`)), [2701, 541])
    assert.deepEqual(measuredSeconds(open('ratePerSecond: 1000, arrivals: { ramp: 9000 }', once)), [541])
    const steps = 'arrivals: { steps: [{ ratePerSecond: 1000, seconds: 100 }, { ratePerSecond: 10000, seconds: 10 }] }'
    assert.deepEqual(measuredSeconds(open(steps, once)), [361])
  })

  test('is measured for 60 s where the broker sets the rate, and for what was asked for by name', () => {
    assert.deepEqual(measuredSeconds('profile: tail\nphases: { repeats: 1 }'), [60])
    assert.deepEqual(measuredSeconds(open('ratePerSecond: 1000', 'phases: { repeats: 1, measureSeconds: 100 }')), [100])
  })
})

describe('before a run', () => {
  test('the messages of a schedule are known, and that they are too few for the claim is said', () => {
    const cells = cellsOf(
      'profile: standard\nload: { model: open, ratePerSecond: [1000, 5000] }\nphases: { repeats: 1, order: listed }',
    )
    assert.deepEqual(cells.map(scheduledMessages), [60_000, 300_000])
    assert.deepEqual(profileCautions(cells), [
      'profile standard claims a p99 from 270000 messages on, and the schedule of 1 of 2 cells holds fewer: for the slowest, 60000 in 60 s; it takes 270 s (phases.measureSeconds, -z)',
    ])
    assert.deepEqual(profileCautions(cellsOf('profile: standard')), [])
    assert.deepEqual(profileCautions(cellsOf('load: { model: open, ratePerSecond: 1 }')), [])
  })

  test('the estimate counts every repetition, with the warm-up of its broker', () => {
    const text = 'profile: standard\nconnect: { perSecond: 3 }'
    const cells = expand(workloadOf(text), [loopback], { defaultClient: () => 'wire', brokerWarmupGiven: true })
    assert.equal(estimateCampaignSeconds(cells), 5 * (20 + 1 + 10 + 60 + 1))
    assert.equal(estimateCampaignSeconds(cells, 4), 20 + 1 + 10 + 60 + 1)
  })
})

describe('every workload that ships', () => {
  for (const [name, path] of shippedWorkloads()) {
    test(`${name} takes every profile, or says in one sentence which key is too short and what mends it`, () => {
      const text = readFileSync(path, 'utf8')
      for (const profile of PROFILES) {
        const named = { path: 'profile', at: '--profile', value: profile }
        if (parse(text, [named]).kind === 'workload') continue
        const [sentence, ...others] = sentencesOf(text, [named])
        assert.match(
          sentence ?? '',
          /^phases\.measureSeconds: \d+ s is less than the 60 s .*: set phases\.measureSeconds \(-z\) to 60 or more, or /,
        )
        assert.deepEqual(others, [])
        workloadOf(text, [named, { path: 'phases.measureSeconds', at: '-z', value: 60 }])
      }
    })
  }
})
