import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idleFlags } from '../../src/cli/idle-flags.ts'
import type { RunFlags } from '../../src/cli/run-flags.ts'
import { parseTarget } from '../../src/workload/parse-target.ts'
import { resolveTarget } from '../../src/workload/resolve-target.ts'
import type { Target } from '../../src/workload/target.ts'

const NONE: RunFlags = { target: [], set: [], results: './results' }

function targetOf(url: string): Target {
  const parsed = parseTarget(url)
  assert.ok(parsed.kind !== 'problems')
  return parsed.kind === 'broker' ? resolveTarget(parsed, () => '', { username: null, password: null }) : parsed
}

function refused(flags: Partial<RunFlags>, ...urls: readonly string[]): readonly string[] {
  return idleFlags({ ...NONE, ...flags }, urls.map(targetOf)).problems.map(({ path, text }) => `${path}: ${text}`)
}

test("a source of the broker's CPU is refused where the run has no broker with an address", () => {
  for (const url of ['embedded:', 'loopback:']) {
    assert.deepEqual(refused({ brokerPid: '1' }, url), [
      `--broker-pid: names a broker's processes, and ${url} is none with an address: leave this out`,
    ])
    assert.match(refused({ brokerCgroup: '/x' }, url).join(), /^--broker-cgroup: names a broker's processes/)
  }
  assert.deepEqual(refused({ brokerPid: '1' }, 'stomp://localhost'), [])
  assert.deepEqual(refused({ brokerPid: '1' }), [])
  assert.deepEqual(refused({ brokerPid: 'x' }, 'embedded:'), [], 'that is told where it is read')
})

test('two sources of one CPU are refused, and so is the result of a run that measures nothing', () => {
  assert.match(
    refused({ brokerPid: '1', brokerCgroup: '/x' }, 'stomp://localhost').join(),
    /^--broker-pid: and --broker-c/,
  )
  assert.match(refused({ dryRun: true, json: true }, 'embedded:').join(), /^--json: prints a result/)
  assert.deepEqual(refused({ json: true }, 'embedded:'), [])
})

test('a login that nobody asks for is a note, because a script may pass it to every target', () => {
  const flags = { ...NONE, user: 'me', passwordFile: '/x' }
  assert.deepEqual(idleFlags(flags, [targetOf('embedded:')]), {
    problems: [],
    notes: [
      '--user has no effect: nobody logs in at embedded: with it',
      '--password-file has no effect: nobody logs in at embedded: with it',
    ],
  })
  assert.deepEqual(idleFlags(flags, [targetOf('embedded:'), targetOf('mqtt://localhost')]).notes, [])
})
