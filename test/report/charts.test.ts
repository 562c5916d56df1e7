import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allCharts } from '../../src/report/charts/all-charts.ts'
import type { ChartSpec } from '../../src/report/charts/chart.ts'
import { specRows, specText } from '../../src/report/charts/spec-text.ts'
import { renderPng, renderSvg } from '../../src/report/render.ts'
import type { CellResult, Interval, Result } from '../../src/result/result.ts'
import { curvesFor, nothingMeasured, openModel, twoTargets } from './example-results.ts'
import { assertGolden } from './golden.ts'
import { cell, intervals, matrix, result, targetResult } from './result-builder.ts'

describe('charts', () => {
  for (const chart of allCharts(twoTargets(), curvesFor(twoTargets()))) {
    test(`${chart.name} of two targets is the specification in the golden file`, () => {
      assertGolden(`two-targets.${chart.name}.vl.json`, specText(chart.spec))
    })
  }

  test('are five where everything was measured, and none where nothing was', () => {
    const names = allCharts(twoTargets(), curvesFor(twoTargets())).map(({ name }) => name)
    assert.deepEqual(names, [
      'tps-by-pairs',
      'cpu-by-pairs',
      'latency-percentiles',
      'latency-by-percentile',
      'tps-over-time',
    ])
    assert.deepEqual(allCharts(nothingMeasured(), new Map()), [])
  })

  test('leave the latency of invalid and failed cells out, and mark their throughput', () => {
    const charts = allCharts(twoTargets(), curvesFor(twoTargets()))
    const rowsOf = (name: string) => charts.filter((chart) => chart.name === name).flatMap(({ spec }) => specRows(spec))
    const invalid = { panel: 'ActiveMQ 5.18.3, stomp://127.0.0.1:61613, 1 KB', crew: '100' }
    assert.ok(rowsOf('latency-percentiles').some((row) => row['panel'] === invalid.panel))
    assert.ok(rowsOf('latency-by-percentile').some((row) => row['panel'] === invalid.panel))
    assert.ok(
      !rowsOf('latency-percentiles').some((row) => row['panel'] === invalid.panel && row['crew'] === invalid.crew),
    )
    assert.ok(
      !rowsOf('latency-by-percentile').some((row) => row['panel'] === invalid.panel && row['crew'] === invalid.crew),
    )
    assert.equal(rowsOf('tps-by-pairs').filter((row) => row['struck'] === true).length, 1)
  })

  test('name a panel by the short name of a long target, so that what tells panels apart is not cut off', () => {
    const targets = [1, 2].map((node) => `stomp+ssl://b-1234a5b6-78cd-${node}.mq.us-west-2.amazonaws.com:61614`)
    const cells = targets.flatMap((target) => matrix(target, [1024, 10_240], [5]))
    const long = result(cells, { targets: targets.map((target) => targetResult({ target })) })
    const chart = allCharts(long, curvesFor(long)).find(({ name }) => name === 'latency-by-percentile')
    assert.deepEqual(
      [...new Set(specRows(chart?.spec ?? {}).map((row) => row['panel']))],
      ['A, 1 KB', 'A, 10 KB', 'B, 1 KB', 'B, 10 KB'].map((panel) => `ActiveMQ 5.18.3, ${panel}`),
    )
  })

  test('name the product of each panel where it is known', () => {
    const { cells, targets } = twoTargets()
    const panels = (broker: string | null): unknown[] => {
      const named = result(cells, { targets: targets.map((target) => ({ ...target, broker })) })
      const rows = allCharts(named, new Map())
        .slice(0, 1)
        .flatMap(({ spec }) => specRows(spec))
      return [...new Set(rows.map((row) => row['panel']))]
    }
    const urls = targets.map(({ target }) => target)
    assert.deepEqual(
      panels('RabbitMQ 3.10.8'),
      urls.map((url) => `RabbitMQ 3.10.8, ${url}`),
    )
    assert.deepEqual(panels(null), urls)
  })

  test('put one size on several targets into one panel, in the order and under the names of the targets', async () => {
    const [mqtt, stomp] = ['mqtt://127.0.0.1:1883', 'stomp://127.0.0.1:61613']
    const cells = [
      ...matrix(stomp, [1024]),
      ...matrix(mqtt, [1024]).map((one) => ({ ...one, protocol: 'mqtt' as const })),
    ]
    // MQTT does not say what the broker is; the other target is the same process and does.
    const targets = [targetResult({ target: mqtt, protocol: 'mqtt', broker: null }), targetResult({ target: stomp })]
    const [chart] = allCharts(result(cells, { targets }), new Map())
    assert.ok(chart !== undefined)
    assert.equal(chart.spec['facet'], undefined)
    const names = new Set(specRows(chart.spec).map((row) => row['panel']))
    assert.deepEqual([...names], ['MQTT', 'STOMP'])
    assert.match(await renderSvg(chart.spec, chart.name), /Messages of 1 KB/)
    const panels = specRows(latencyOf(result(cells, { targets }))).map((row) => row['panel'])
    assert.ok(panels.includes(`ActiveMQ 5.18.3, ${mqtt}, 1 KB`))
  })

  test('have bars from the lowest to the highest repetition, and none where there is one', () => {
    const once = matrix('stomp://h:1', [1024, 2048])
    const again = matrix('stomp://h:1', [1024, 2048]).map((one) => ({ ...one, repetition: 2 }))
    const faster = again.map((one) => ({
      ...one,
      throughput: one.throughput === null ? null : { ...one.throughput, deliveredPerSecond: 1e6 },
    }))
    const marks = (cells: readonly CellResult[]): string => specText(allCharts(result(cells), new Map())[0]?.spec ?? {})
    assert.doesNotMatch(marks(once), /"rule"/)
    assert.doesNotMatch(marks([...once, ...again]), /"rule"/)
    assert.match(marks([...once, ...faster]), /"rule"/)
    assert.match(marks([...once, ...faster]), /bars: lowest to\W+highest/)
  })

  test('show no rate of the rest that a cell limited by a number of messages has behind its last second', () => {
    const seconds = intervals(1_000, 3)
    const last = seconds.at(-1) ?? assert.fail()
    const rest = { ...last, atSeconds: 5.002, seconds: 0.002, delivered: 0 }
    const chartOf = (behind: readonly Interval[]) => {
      const one = cell({}, { intervals: [...seconds, ...behind] })
      return allCharts(result([one]), new Map()).find(({ name }) => name === 'tps-over-time') ?? assert.fail()
    }
    const [whole, rested] = [chartOf([]), chartOf([rest, { ...rest, phase: 'drain' }])]
    assert.deepEqual(specRows(rested.spec), specRows(whole.spec))
    assert.deepEqual(rested.figures, whole.figures)
  })

  test('leave no panel without an x axis where their number is odd', () => {
    const sizes = [1024, 2048, 4096]
    const axes = (count: number): unknown => latencyOf(result(matrix('stomp://h:1', sizes.slice(0, count))))['resolve']
    assert.deepEqual(axes(3), { axis: { x: 'independent' } })
    assert.equal(axes(2), undefined)
  })

  test('draw one to eight sizes, single cells, and producers unlike consumers without a warning', async () => {
    const sizes = [64, 128, 256, 512, 1024, 2048, 4096, 8192]
    const results = [
      ...[1, 3, 8].map((count) => result(matrix('stomp://h:1', sizes.slice(0, count), [1, 2, 4]))),
      result([cell()]),
      openModel(),
      twoTargets(),
    ]
    for (const one of results) {
      for (const chart of allCharts(one, curvesFor(one))) {
        assert.match(await renderSvg(chart.spec, chart.name), /^<svg role="img" aria-label="[^"]+" /)
      }
    }
  })

  test('are the same bytes each time, whatever was drawn before', async () => {
    const [first, second] = allCharts(twoTargets(), new Map())
    assert.ok(first !== undefined && second !== undefined)
    const once = await renderSvg(first.spec, 'x')
    await renderSvg(second.spec, 'x')
    assert.equal(await renderSvg(first.spec, 'x'), once)
    assert.deepEqual(renderPng(once), renderPng(once))
  })

  test('carry their texts escaped, and ids of their own', async () => {
    const hostile = result(matrix('<script>alert("x")</script>', [1024], [1, 2]), { title: 'a "b" <c> & \'d\'' })
    for (const chart of allCharts({ ...hostile, cells: [...hostile.cells, ...matrix()] }, new Map())) {
      const svg = await renderSvg(chart.spec, chart.name)
      assert.doesNotMatch(svg, /<script/)
      assert.match(svg, /&lt;script/)
      for (const [, id = ''] of svg.matchAll(/ id="([^"]*)"/g)) assert.ok(id.startsWith(`${chart.name}-`), id)
    }
  })

  test('are drawn as PNG with letters, though the machine may have no font', async () => {
    const [chart] = allCharts(twoTargets(), new Map())
    assert.ok(chart !== undefined)
    const svg = await renderSvg(chart.spec, 'x')
    const png = renderPng(svg)
    assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47])
    // Without its texts the picture must differ: that they were drawn at all.
    assert.notDeepEqual(png, renderPng(svg.replace(/<text[^>]*>[^<]*<\/text>/g, '')))
  })
})

function latencyOf(one: Result): ChartSpec {
  const chart = allCharts(one, new Map()).find(({ name }) => name === 'latency-percentiles')
  assert.ok(chart !== undefined)
  return chart.spec
}
