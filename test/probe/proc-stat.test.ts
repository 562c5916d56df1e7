import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAuxiliaryVector } from '../../src/probe/kernel-units.ts'
import { parseProcessStat, programName, readProcessStat } from '../../src/probe/proc-stat.ts'

const AFTER_NAME =
  'S 801 812 812 0 -1 1077936192 35710 912 4 0 1250 340 21 9 20 0 48 0 9321 4837736448 61234 18446744073709551615 94 0 0 0 0 0 0 4096 2 0'

test('times, parent, start and memory of a process are read from its stat line', () => {
  assert.deepEqual(parseProcessStat(`812 (java) ${AFTER_NAME}\n`), {
    pid: 812,
    name: 'java',
    state: 'S',
    parentPid: 801,
    ownTicks: 1590,
    waitedChildrenTicks: 30,
    startTicks: 9321,
    residentPages: 61234,
  })
})

for (const name of ['a b', 'beam.smp', ') S 1 (', '(sd-pam)', 'x)) (', '', '12 (3) 4']) {
  test(`a process may be called "${name}"`, () => {
    const stat = parseProcessStat(`812 (${name}) ${AFTER_NAME}`)
    assert.equal(stat?.name, name)
    assert.equal(stat.parentPid, 801)
  })
}

test('a text that is no stat line is none', () => {
  for (const text of ['', '812', '812 (java', '812 (java) S 1 2', ') (']) assert.equal(parseProcessStat(text), null)
  assert.equal(readProcessStat(2 ** 31 - 1), null)
  assert.equal(readProcessStat(process.pid)?.pid, process.pid)
})

test('ticks and page size are taken from the auxiliary vector', () => {
  const vector = Buffer.alloc(48)
  ;[6n, 65_536n, 17n, 250n, 0n, 0n].forEach((word, at) => vector.writeBigUInt64LE(word, at * 8))
  assert.deepEqual(parseAuxiliaryVector(vector), { ticksPerSecond: 250, pageBytes: 65_536 })
  assert.deepEqual(parseAuxiliaryVector(Buffer.alloc(0)), { ticksPerSecond: 100, pageBytes: 4096 })
})

test('a program is called by the last part of the word that started it', () => {
  assert.equal(programName('/usr/lib/jvm/bin/java\0-Xmx1g\0-jar\0a b.jar\0'), 'java')
  assert.equal(programName('node\0dist/src/main.js\0'), 'node')
  assert.equal(programName('nginx: master process /usr/sbin/nginx\0'), 'nginx:')
  assert.equal(programName(''), null)
})
