import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { renderTerminal } from '../../src/report/terminal.ts'
import { nothingMeasured, openModel, twoTargets } from './example-results.ts'
import { assertGolden } from './golden.ts'
import { brokerUsage, cell, integrity, matrix, result, targetResult } from './result-builder.ts'

const plain = { colour: false, width: 100 }

describe('the report on a terminal', () => {
  test('prints two targets side by side, invalid figures marked, failed cells named', () => {
    assertGolden('two-targets.txt', renderTerminal(twoTargets(), plain))
  })

  test('prints an open model with repetitions: medians, ranges, one table per client', () => {
    assertGolden('open-model.txt', renderTerminal(openModel(), plain))
  })

  test('prints a result in which nothing was measured, with the reasons', () => {
    assertGolden('nothing-measured.txt', renderTerminal(nothingMeasured(), plain))
  })

  test('keeps to the width asked for, whatever the number of columns', () => {
    const many = result(
      matrix('stomp://127.0.0.1:61613', [1024], [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]),
    )
    for (const width of [60, 80, 100]) {
      const longest = Math.max(
        ...renderTerminal(many, { colour: false, width })
          .split('\n')
          .map((line) => line.length),
      )
      assert.ok(longest <= width, `a line of ${longest} characters at width ${width}`)
    }
  })

  test('is coloured only when colours are asked for', () => {
    assert.doesNotMatch(renderTerminal(twoTargets(), plain), /\u001b/)
    const coloured = renderTerminal(twoTargets(), { colour: true, width: 100 })
    assert.match(coloured, /\u001b\[31m/)
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ''), renderTerminal(twoTargets(), plain))
  })

  test('lets no text of a broker steer the terminal', () => {
    const hostile = result([cell({}, { notes: ['see \u001b]0;owned\u0007 and \u202ereversed'] })], {
      title: 'a\u001b[2Jb',
      targets: [targetResult({ broker: 'Broker\r\n\u001b[31m1.0' })],
    })
    assert.doesNotMatch(renderTerminal(hostile, plain), /[\u001b\u0007\u202e\r]/)
  })

  test('says in the title that the embedded broker measures the harness, not a product', () => {
    const embedded = result([cell({ target: 'embedded:' })], {
      targets: [targetResult({ target: 'embedded:', embedded: true })],
    })
    assert.match(renderTerminal(embedded, plain), /^test matrix \(measures the harness, not a product\)\n/)
  })

  test('gives topics a row for the publish rate', () => {
    const fanOut = cell({ producers: 1, consumers: 3, perSecond: 300 })
    if (fanOut.throughput !== null) fanOut.throughput.confirmedPerSecond = 100
    const topics = result([fanOut], {
      workload: { variants: [{ axes: {}, destination: { kind: 'topic' }, delivery: {} }] },
    })
    const text = renderTerminal(topics, plain)
    assert.match(text, /TPS +300/)
    assert.match(text, /Publish\/s +100/)
  })

  test('shows confirms as TPS where there is no consumer, and says so', () => {
    const text = renderTerminal(result([cell({ producers: 4, consumers: 0, perSecond: 777 })]), plain)
    assert.match(text, /4 -> 0/)
    assert.match(text, /TPS: confirmed messages per second \(there is no consumer\)/)
    assert.match(text, /publish to confirm/)
  })

  test('names lost, refused, corrupt, unexpected and indeterminate messages', () => {
    const counts = integrity({
      lost: 3,
      duplicated: 2,
      late: 1,
      unknown: 4,
      corrupt: 5,
      unexpected: 6,
      indeterminate: 7,
      refused: 8,
      refusals: { 'queue-full': 8 },
    })
    const text = renderTerminal(result([cell({}, { integrity: counts })]), plain)
    assert.match(text, /3\/2\/1\/4/)
    for (const words of [
      '7 messages were missing',
      '8 messages were refused (queue-full: 8)',
      '5 messages were corrupt',
      '6 messages were unexpected',
    ]) {
      assert.ok(text.includes(words), words)
    }
  })

  test('says how many negative latencies the percentiles leave out', () => {
    const skewed = cell()
    if (skewed.latencyUs?.endToEnd?.service != null) skewed.latencyUs.endToEnd.service.negative = 12
    assert.match(renderTerminal(result([skewed]), plain), /12 latencies below zero/)
  })

  test('prints the rate per producer beside the total of an open model', () => {
    assert.match(
      renderTerminal(openModel(), plain).replace(/\s+/g, ' '),
      /1,025 messages\/s in total \(102\.5 messages\/s per producer at 10 producers\)/,
    )
  })

  test('takes the median of the repetitions that are not invalid, and strikes it only where all are', () => {
    const rates = [100, 900, 300]
    const cells = rates.map((perSecond, place) => cell({ perSecond }, { repetition: place + 1, broker: brokerUsage() }))
    const [, wrong] = cells
    if (wrong !== undefined) wrong.verdict = { kind: 'invalid', reasons: [], checks: [] }
    const text = renderTerminal(result(cells), plain)
    assert.match(text, /TPS +200\*1/)
    assert.match(text, /TPS range +100\.\.300/)
    cells.forEach((one) => (one.verdict = { kind: 'invalid', reasons: [], checks: [] }))
    assert.match(renderTerminal(result(cells), plain), /TPS +300!\*1/)
  })
})
