import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { againstTable } from '../../src/report/against.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { publishedResult } from '../../src/reference/published-result.ts'
import { twoTargets, nothingMeasured } from './example-results.ts'
import { assertGolden } from './golden.ts'
import { cell, generatorUsage, matrix, result, targetResult } from './result-builder.ts'

const reference = publishedResult({
  instance: 'mq.m5.2xlarge',
  vcpu: 8,
  concurrentStoreAndDispatch: true,
  cells: [
    { sizeKilobytes: 1, pairs: 25, tps: 2250, cpuPercent: 8 },
    { sizeKilobytes: 1, pairs: 50, tps: 4300, cpuPercent: 15 },
    { sizeKilobytes: 10, pairs: 25, tps: 1900, cpuPercent: 15 },
  ],
})

describe('measured beside published', () => {
  test('prints TPS, ratio, CPU, core-us per message and send time with the reasons', () => {
    assertGolden('against.txt', renderTerminal(twoTargets(), { colour: false, width: 100 }, reference))
  })

  test('computes the ratio and both send times', () => {
    const measured = result([cell({ producers: 25, perSecond: 4500 })])
    const [table] = againstTable(measured, reference).tables
    assert.deepEqual(
      table?.rows.map((row) => row.map(({ text }) => text)),
      [['1 KB', '25', '4,500', '2,250', '2.00x', '42', '8', '84.5', '284', '5.56', '11.1']],
    )
  })

  test('says so where nothing is in common', () => {
    const { tables, reasons } = againstTable(result(matrix('stomp://h:1', [333], [7])), reference)
    assert.deepEqual(tables, [])
    assert.match(reasons[0] ?? '', /^No point in common/)
  })

  test('survives a result in which nothing was measured', () => {
    const [table] = againstTable(nothingMeasured(), reference).tables
    assert.equal(table?.rows[0]?.[2]?.text, 'n/a')
  })

  test('gives reasons that follow from the facts of the measured result', () => {
    const reasonsOf = (target: string, coLocated: boolean): string =>
      againstTable(
        result([cell({ target }, { generator: generatorUsage({ coLocated }) })], {
          targets: [targetResult({ target })],
        }),
        reference,
      ).reasons.join('\n')
    assert.match(reasonsOf('stomp://h:61613', true), /TLS: not used on stomp:\/\/h:61613/)
    assert.match(reasonsOf('stomp://h:61613', true), /Cores: the generator took CPU from the broker/)
    for (const encrypted of [
      'stomp+ssl://h:61614',
      'mqtts://h:8883',
      'mqtt+wss://h:1',
      'amqp10s://h:5671',
      'amqp091s://h:5671',
    ]) {
      assert.doesNotMatch(reasonsOf(encrypted, false), /TLS: not used/)
    }
    assert.doesNotMatch(reasonsOf('stomp+ssl://h:61614', false), /Cores: the generator/)
    assert.match(reasonsOf('stomp+ws://h:61614', false), /TLS: not used/)
  })

  test('names a model and guarantees unlike the published ones', () => {
    const other = cell({}, { model: { kind: 'closed', inFlight: 100 }, layout: 'shared' })
    const measured = result([other], {
      workload: {
        variants: [
          {
            axes: {},
            destination: { kind: 'queue' },
            delivery: { persistent: false, confirm: false, acknowledge: { kind: 'auto' } },
          },
        ],
      },
    })
    const text = againstTable(measured, reference).reasons.join('\n')
    assert.match(text, /Model: measured with a closed loop, 100 in flight/)
    assert.match(text, /not persistent, not confirmed, not acknowledged one by one/)
    assert.match(text, /Layout: measured with shared/)
  })
})
