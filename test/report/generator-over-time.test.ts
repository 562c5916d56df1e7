import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allCharts } from '../../src/report/charts/all-charts.ts'
import { generatorOverTime } from '../../src/report/charts/generator-over-time.ts'
import { reportDocument } from '../../src/report/document.ts'
import { htmlPage } from '../../src/report/html/html-page.ts'
import { renderSvg } from '../../src/report/render.ts'
import { drawCharts } from '../../src/report/write-report.ts'
import type { CellResult } from '../../src/result/result.ts'
import { cell, intervals, result } from './result-builder.ts'

/** A cell whose second measured second has a delay of 30 ms. */
function watched(producers: number, changes: Partial<CellResult> = {}): CellResult {
  const seconds = intervals(1_000).map((interval, place) => ({
    ...interval,
    eventLoopDelayMaxMs: place === 3 ? 30 : 1.5,
    gcPauseMaxMs: 0,
  }))
  return cell({ producers }, { intervals: seconds, ...changes })
}

describe('the chart of the generator over time', () => {
  test('shows every second of each cell, and the worst ones in a table', async () => {
    const chart = generatorOverTime(result([watched(5), watched(10)])) ?? assert.fail()
    const { values } = chart.spec['data'] as { readonly values: readonly { readonly series: string }[] }
    assert.equal(values.length, 2 * 6 * 2)
    assert.deepEqual(
      chart.figures?.rows.map((row) => row.map(({ text }) => text)),
      [
        ['1 KB, 5 pairs', '30.0', '0', 'n/a'],
        ['1 KB, 10 pairs', '30.0', '0', 'n/a'],
      ],
    )
    assert.match(await renderSvg(chart.spec, 'generator-over-time'), /event-loop delay, longest/)
  })

  test('of hours shows the worst of several seconds at each point, and leaves none of them out', () => {
    const seconds = intervals(1_000, 7_198).map((interval, place) => ({
      ...interval,
      eventLoopDelayMaxMs: place === 5_000 ? 30 : 1.5,
    }))
    const chart = generatorOverTime(result([cell({}, { intervals: seconds })])) ?? assert.fail()
    const { values } = chart.spec['data'] as { readonly values: readonly { readonly ms: number }[] }
    assert.equal(values.length, 240)
    assert.equal(values.filter(({ ms }) => ms === 30).length, 1)
    assert.match(chart.caption, /in each 30 seconds/)
  })

  test('of a large matrix shows the cells that something is said against', () => {
    const reasons = [{ code: 'event-loop', text: 'Held up.', figure: 30, limit: 5 }]
    const cells = Array.from({ length: 12 }, (_, place) =>
      watched(place + 1, place === 7 ? { verdict: { kind: 'invalid', reasons, checks: [] } } : {}),
    )
    const chart = generatorOverTime(result(cells)) ?? assert.fail()
    assert.deepEqual(
      chart.figures?.rows.map((row) => row[0]?.text),
      ['1 KB, 8 pairs'],
    )
    assert.match(chart.caption, /11 more cells are left out/)
  })

  test('has its place on the page, as every chart that the script of the page draws', async () => {
    const measured = result([watched(5)])
    const drawn = await drawCharts(allCharts(measured, new Map()))
    const page = htmlPage(measured, reportDocument(measured, null), drawn, {
      libraries: ['/* vega */'],
      sha256: () => '',
    })
    assert.ok(drawn.some(({ chart }) => chart.name === 'generator-over-time'))
    for (const { chart } of drawn) assert.match(page, new RegExp(`<figure id="chart-${chart.name}">`))
  })

  test('is not made of cells that were not watched', () => {
    assert.equal(generatorOverTime(result([cell()])), null)
  })
})
