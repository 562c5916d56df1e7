import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FileOutcome, TestOutcome } from './run-file.ts'
import { brokerTable, countOf, fileReport, skipReport, summaryLine } from './run-report.ts'

const pair = ['RabbitMQ 3.10', 'RabbitMQ · stomp · wire · tcp']
const passed: TestOutcome = { path: [...pair, 'connects'], status: 'passed', reason: '' }
const failed: TestOutcome = { path: [...pair, 'closes'], status: 'failed', reason: 'Error: no\n  at once' }
const skipped: TestOutcome = { path: [...pair, 'prefetches'], status: 'skipped', reason: 'capability prefetch: false' }

describe('what the test runner prints', () => {
  test('the summary counts every test once', () => {
    assert.equal(summaryLine(countOf([passed, passed, failed, skipped])), '2 passed, 1 failed, 1 skipped')
  })

  test('a failure is printed with its suites, its whole reason and what the file wrote', () => {
    assert.deepEqual(fileReport({ ...fileOf(passed, failed), output: 'a log line\n' }).split('\n'), [
      'broker/rabbitmq.test.js: 1 passed, 1 failed, 0 skipped, 1.5 s',
      '  FAILED RabbitMQ 3.10 > RabbitMQ · stomp · wire · tcp > closes',
      '    Error: no',
      '      at once',
      '  the file wrote:',
      '    a log line',
    ])
  })

  test('what a file without failures wrote is not printed', () => {
    assert.equal(
      fileReport({ ...fileOf(passed), output: 'a log line\n' }),
      'broker/rabbitmq.test.js: 1 passed, 0 failed, 0 skipped, 1.5 s',
    )
  })

  test('skips are counted by reason, the most frequent first, with the files where they are', () => {
    const rare: TestOutcome = { ...skipped, reason: 'capability ttl: false' }
    assert.equal(
      skipReport([
        { ...fileOf(rare, skipped), file: 'broker/artemis.test.js' },
        { ...fileOf(passed, skipped), file: 'broker/rabbitmq.test.js' },
      ]),
      'skipped:\n' +
        '     2 capability prefetch: false (broker/artemis, broker/rabbitmq)\n' +
        '     1 capability ttl: false (broker/artemis)',
    )
    assert.equal(skipReport([fileOf(passed)]), '')
  })

  test('contract tests are counted per pair and per broker', () => {
    const mqtt: TestOutcome = { ...passed, path: ['RabbitMQ · mqtt version 5 qos 2 · library · tcp', 'connects'] }
    const lines = brokerTable([fileOf(passed, failed, skipped, mqtt)]).split('\n')
    assert.deepEqual(
      lines.map((line) => line.split(/ {2,}/)),
      [
        ['broker', 'protocol', 'client', 'transport', 'passed', 'failed', 'skipped'],
        ['RabbitMQ', 'stomp', 'wire', 'tcp', '1', '1', '1'],
        ['RabbitMQ', 'mqtt version 5 qos 2', 'library', 'tcp', '1', '0', '0'],
        ['RabbitMQ', 'all', '2', '1', '1'],
      ],
    )
  })
})

function fileOf(...tests: TestOutcome[]): FileOutcome {
  return { file: 'broker/rabbitmq.test.js', tests, seconds: 1.5, output: '' }
}
