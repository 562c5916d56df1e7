import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LatencyRecorder, mergeSlots, RECORDER_SLOTS } from '../../src/measure/latency-recorder.ts'
import { summarizeLatency } from '../../src/measure/latency-summary.ts'
import { cellsCsv } from '../../src/report/cells-csv.ts'
import { allCharts } from '../../src/report/charts/all-charts.ts'
import { reportDocument } from '../../src/report/document.ts'
import { markdownDocument } from '../../src/report/markdown.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import type { Latency, Result } from '../../src/result/result.ts'
import { SeededRandom } from '../../src/workload/seeded-random.ts'
import { cell, latency, result } from './result-builder.ts'

/** As a run of so many exponential latencies leaves it. */
function measured(messages: number): Latency {
  const random = new SeededRandom(1)
  const slots = new Float64Array(RECORDER_SLOTS)
  const recorder = new LatencyRecorder(slots)
  for (let message = 0; message < messages; message++) recorder.record(random.exponential() * 1_000)
  return summarizeLatency(mergeSlots([slots]))
}

function resultOf(...services: readonly Latency[]): Result {
  const cells = services.map((service, place) =>
    cell(
      { producers: place + 1 },
      { latencyUs: { endToEnd: { response: null, service }, publish: null, sendLag: null } },
    ),
  )
  return result(cells)
}

const onTerminal = (one: Result, width = 100): string =>
  renderTerminal(one, { colour: false, width }).replace(/\s+/g, ' ')

describe('R3.2: a percentile that its samples do not carry', () => {
  test('R3.2 a run of 10,000 messages prints p99.99 as "n/a (needs 36,887 independent, has <= 10,000)"', () => {
    const text = onTerminal(resultOf(measured(10_000)))
    assert.ok(text.includes('p99.99: n/a (needs 36,887 independent, has <= 10,000)'), text)
    assert.match(text, /Not shown: p99\.99/)
  })

  test('counts independent samples where they are known, and messages where they are not', () => {
    const correlated = { ...latency(900, 200_000), effectiveCount: 1_250, p999: null, p9999: null }
    const text = onTerminal(resultOf(correlated, latency(900, 2_000)))
    assert.ok(text.includes('p99.9: n/a (needs 3,688 independent, has <= 1,250 to 2,000) in 2 cells.'), text)
  })

  test('is said to be withheld where there would be samples enough', () => {
    const text = onTerminal(resultOf(latency(900), { ...latency(900), p999: null, p9999: null }))
    assert.ok(text.includes('p99.9 is withheld.'), text)
  })

  test('is named once for all cells of a matrix, with the range of their samples', () => {
    const text = onTerminal(resultOf(...[10_000, 10_001, 10_002, 10_003].map((count) => latency(900, count))))
    assert.match(
      text,
      /Not shown: p99\.99\. p99\.99: n\/a \(needs 36,887 independent, has <= 10,000 to 10,003\) in 4 cells\./,
    )
  })

  test('p99.99 has a column in Markdown and on a wide terminal, and none on one that it would break', () => {
    const one = resultOf(latency(900, 5_000), latency(900))
    assert.match(onTerminal(one, 130), /p99\.9 p99\.99 max/)
    const narrow = onTerminal(one, 90)
    assert.doesNotMatch(narrow, /p99\.9 p99\.99 max/)
    assert.match(narrow, /No room here for p99\.99/)
    assert.doesNotMatch(narrow, /36,887/)
    assert.match(markdownDocument(reportDocument(one, null)), /\| p99\.9 \| p99\.99 \| max \|/)
  })

  test('ends the curve of a distribution, and stands in the table below it', () => {
    const service = { ...latency(900, 200_000), effectiveCount: 5_000, p9999: null }
    const one = resultOf(service)
    const points = [50, 90, 99, 99.9, 99.95, 99.99, 100].map((percentile) => ({ percentile, valueUs: 1, count: 1 }))
    const curves = new Map([[one.cells[0]?.id ?? '', { 'endToEnd.service': points }]])
    const chart = allCharts(one, curves).find(({ name }) => name === 'latency-by-percentile') ?? assert.fail()
    assert.deepEqual(chart.figures?.rows[0]?.map(({ text }) => text).slice(2), [
      '0.001',
      '0.001',
      '0.001',
      '0.001',
      'n/a',
    ])
    assert.deepEqual(chart.figures.notes, ['p99.99: n/a (needs 36,887 independent, has <= 5,000).'])
  })

  test('comes with the number of independent samples in the CSV', () => {
    const [heads = '', row = ''] = cellsCsv(resultOf({ ...latency(900), effectiveCount: 4_321 })).split('\n')
    assert.equal(row.split(',')[heads.split(',').indexOf('endToEnd.service.effectiveCount')], '4321')
  })
})
