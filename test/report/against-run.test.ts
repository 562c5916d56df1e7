/** One run beside another. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { againstRun } from '../../src/report/against-run.ts'
import { reportDocument } from '../../src/report/document.ts'
import { markdownDocument } from '../../src/report/markdown.ts'
import type { ReportTable } from '../../src/report/report-table.ts'
import { terminalDocument } from '../../src/report/terminal.ts'
import { brokerUsage, cell, matrix, result, targetResult } from './result-builder.ts'

const OTHER = '20261120T101500Z-test-0000'

function texts(table: ReportTable | undefined): readonly (readonly string[])[] {
  return table?.rows.map((row) => row.map(({ text }) => text)) ?? []
}

describe('one run beside another', () => {
  test('shows TPS, percentiles and CPU of both with their ratio, and says that ratios are no finding', () => {
    const own = result([cell({ producers: 25, perSecond: 5_000 })])
    const theirs = result(
      [cell({ producers: 25, perSecond: 2_500 }, { broker: brokerUsage({ cpuMicrosPerMessage: 169 }) })],
      { runId: OTHER },
    )
    const { tables, heading } = againstRun(own, theirs)
    assert.equal(heading, `Beside run ${OTHER}`)
    assert.deepEqual(texts(tables[0]), [
      [
        ...['1 KB', '25'],
        ...['5,000', '2,500', '2.00x'],
        ...['5.00', '10.0', '0.50x'],
        ...['20.0', '40.0', '0.50x'],
        ...['84.5', '169', '0.50x'],
        ...['42', '42', '1.00x'],
      ],
    ])
    assert.match(tables[0]?.remarks.join('') ?? '', /without intervals they are no finding/)
  })

  test('pairs equal targets, and else the only target of the other run', () => {
    const [stomp, amqp] = ['stomp://h:1', 'amqp10://h:2']
    const own = result([cell({ target: stomp, perSecond: 100 }), cell({ target: amqp, perSecond: 200 })])
    const both = result([cell({ target: amqp, perSecond: 20 }), cell({ target: stomp, perSecond: 10 })])
    const tpsOf = (tables: readonly ReportTable[]) => tables.map((table) => texts(table)[0]?.slice(2, 4))
    assert.deepEqual(tpsOf(againstRun(own, both).tables), [
      ['100', '10'],
      ['200', '20'],
    ])
    const one = againstRun(own, result([cell({ target: 'mqtt://h:3', perSecond: 30 })]))
    assert.deepEqual(tpsOf(one.tables), [
      ['100', '30'],
      ['200', '30'],
    ])
    assert.match(one.tables[0]?.caption ?? '', /stomp:\/\/h:1 beside mqtt:\/\/h:3/)
  })

  test('says so where nothing is in common', () => {
    const { tables, reasons } = againstRun(result(matrix('a:', [1024], [1])), result(matrix('a:', [2048], [1])))
    assert.deepEqual(tables, [])
    assert.match(reasons[0] ?? '', /^No point in common/)
  })

  test('marks a smoke run, and names what the two are not alike in', () => {
    const own = result([cell()], { environment: { cpuModel: 'A', kernel: 'k', loadAverage1Min: 1 } })
    const theirs = result([cell({}, { measureSeconds: 25 })], {
      runId: OTHER,
      profile: 'smoke',
      environment: { cpuModel: 'B', kernel: 'k', loadAverage1Min: 2 },
      targets: [targetResult({ broker: 'ActiveMQ 6.0.0' })],
      cautions: ['smoke profile: at most 30 s in each cell.'],
    })
    assert.deepEqual(againstRun(own, theirs).reasons, [
      `Profile smoke, so not a measurement to quote: ${OTHER}.`,
      'Broker: this run ActiveMQ 5.18.3; the other ActiveMQ 6.0.0.',
      'Measured for: this run 30 s; the other 25 s.',
      'cpuModel: this run A; the other B.',
      'The other run: smoke profile: at most 30 s in each cell.',
    ])
    assert.deepEqual(againstRun(own, { ...own, runId: OTHER }).reasons, [])
  })

  test('stands in the document under its own headings', () => {
    const document = reportDocument(result([cell()]), result([cell()], { runId: OTHER, profile: 'smoke' }))
    const text = terminalDocument(document, { colour: false, width: 100 })
    assert.match(text, new RegExp(`This run beside ${OTHER}`))
    assert.match(text, /^What to know of the two runs$/m)
    assert.doesNotMatch(text, /publ/)
    assert.match(markdownDocument(document), /^## What to know of the two runs$/m)
  })
})
