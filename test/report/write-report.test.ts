import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { writeReport } from '../../src/report/write-report.ts'
import { StoreError } from '../../src/result/store-error.ts'
import { curvesFor, nothingMeasured, twoTargets } from './example-results.ts'
import { cell, result, targetResult } from './result-builder.ts'

describe('the files of a report', () => {
  let folder = ''
  before(() => (folder = mkdtempSync(join(tmpdir(), 'brokermark-report-'))))
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('are the page, the tables and three files per chart', async () => {
    const { files, table } = await writeReport(twoTargets(), {
      folder: join(folder, 'names'),
      curves: curvesFor(twoTargets()),
    })
    const names = files.map((path) => relative(join(folder, 'names'), path))
    const charts = ['tps-by-pairs', 'cpu-by-pairs', 'latency-percentiles', 'latency-by-percentile', 'tps-over-time']
    const pictures = charts.flatMap((name) => ['svg', 'png', 'vl.json'].map((ending) => `charts/${name}.${ending}`))
    assert.deepEqual(names, ['report.html', 'table.md', 'table.csv', 'cells.csv', ...pictures])
    assert.match(table, /^test matrix\n/)
  })

  test('are byte-equal when they are made again', async () => {
    const [once, again] = await Promise.all(
      ['once', 'again'].map((name) =>
        writeReport(twoTargets(), { folder: join(folder, name), curves: curvesFor(twoTargets()) }),
      ),
    )
    assert.ok(once !== undefined && again !== undefined)
    once.files.forEach((path, place) =>
      assert.deepEqual(readFileSync(path), readFileSync(again.files[place] ?? ''), path),
    )
  })

  test('stay small: the page of a small run is under a megabyte and a quarter', async () => {
    const { files } = await writeReport(twoTargets(), { folder: join(folder, 'size'), curves: curvesFor(twoTargets()) })
    assert.ok(statSync(files[0] ?? '').size < 1_250_000)
  })

  test('exist, without charts, even where nothing was measured', async () => {
    const { files } = await writeReport(nothingMeasured(), { folder: join(folder, 'nothing'), curves: new Map() })
    assert.deepEqual(
      files.map((path) => relative(join(folder, 'nothing'), path)),
      ['report.html', 'table.md', 'table.csv', 'cells.csv'],
    )
    assert.match(readFileSync(files[0] ?? '', 'utf8'), /script-src 'none'/)
  })

  test('show every text of a result as text, wherever it comes from', async () => {
    const evil = '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\''
    const hostile = result(
      [
        cell(
          { target: `<script>${evil}` },
          {
            notes: [evil],
            clientVersion: evil,
            layout: evil,
            axes: { messageBytes: 1024, producers: 5, consumers: 5, [evil]: evil },
            verdict: { kind: 'failed', reasons: [{ code: evil, text: evil, figure: 1, limit: null }], checks: [evil] },
          },
        ),
        cell(),
      ],
      {
        title: evil,
        runId: evil,
        createdAt: evil,
        environment: { [evil]: evil },
        workload: { name: evil },
        cautions: [evil],
        source: evil,
        targets: [targetResult({ target: `<script>${evil}`, broker: evil, cpuSource: evil, remains: [evil] })],
      },
    )
    const { files } = await writeReport(hostile, {
      folder: join(folder, 'hostile'),
      curves: new Map(),
      against: hostile,
    })
    const page = readFileSync(files[0] ?? '', 'utf8')
    // The chart libraries after the data speak of images themselves.
    assert.doesNotMatch(page.slice(0, page.indexOf('id="charts"')), /<img/)
    const [, data = ''] = /id="charts">(.*?)<\/script>/s.exec(page) ?? []
    assert.doesNotMatch(data, /[<>]/)
    const scripts = [...page.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)
    assert.deepEqual(scripts, ['<script type="application/json" id="charts">', ...Array<string>(4).fill('<script>')])
    assert.doesNotMatch(readFileSync(files[1] ?? '', 'utf8'), /<script|<img/)
  })

  test('fail with the path and the reason where the folder cannot be written', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    chmodSync(file, 0o400)
    await assert.rejects(
      writeReport(nothingMeasured(), { folder: join(file, 'below'), curves: new Map() }),
      (error) => {
        assert.ok(error instanceof StoreError)
        assert.match(error.message, /a-file/)
        return true
      },
    )
  })
})
