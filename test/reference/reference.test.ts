import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { toolFolder } from '../../src/run/tool-version.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { resultSchema, type Result } from '../../src/result/result.ts'
import { findReference } from '../../src/reference/find-reference.ts'
import { publishedTables } from '../../src/reference/published-matrix.ts'
import { publishedResult } from '../../src/reference/published-result.ts'
import { referenceChartFiles, resultFiles } from './reference-files.ts'

const root = toolFolder()
const csv = readFileSync(join(root, 'results/reference/amazon-mq-throughput-2020.csv'), 'utf8')
const folders = readdirSync(join(root, 'results/reference'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

function committed(name: string): Result {
  return resultSchema.parse(JSON.parse(readFileSync(join(root, 'results/reference', name, 'result.json'), 'utf8')))
}

describe('the published figures of Amazon MQ', () => {
  test('are 160 cells in eight results', () => {
    assert.equal(folders.length, 8)
    assert.equal(
      folders.map((name) => committed(name).cells.length).reduce((sum, count) => sum + count, 0),
      160,
    )
  })

  test('are committed as the script makes them', () => {
    for (const { path, content } of resultFiles(csv))
      assert.equal(readFileSync(join(root, path), 'utf8'), content, path)
  })

  test('have charts, committed as the script makes them', async () => {
    const files = await referenceChartFiles(csv)
    assert.deepEqual(
      files.map(({ path }) => path.slice('charts/'.length)).sort(),
      readdirSync(join(root, 'charts'))
        .filter((name) => /^(mq\.|amazon-mq)/.test(name))
        .sort(),
    )
    for (const { path, content } of files) {
      const onDisk = readFileSync(join(root, path))
      // Pictures are drawn with floating point: their last bit may differ between kinds of processor.
      if (typeof content === 'string') assert.equal(onDisk.toString('utf8'), content, path)
      else if (process.arch === 'x64') assert.ok(onDisk.equals(content), path)
    }
  })

  test('print mq.m5.2xlarge exactly as published', () => {
    const text = renderTerminal(committed('mq.m5.2xlarge'), { colour: false, width: 100 })
    const lines = text.split('\n').map((line) => line.trim().replace(/\s+/g, ' '))
    const first = lines.indexOf('Message size 25 50 100 200')
    assert.deepEqual(lines.slice(first + 1, first + 11), [
      '1 KB TPS 2,250 4,300 8,467 16,334',
      'CPU % 8 15 27 58',
      '5 KB TPS 2,067 3,834 7,150 14,516',
      'CPU % 10 17 30 63',
      '10 KB TPS 1,900 3,467 7,083 11,334',
      'CPU % 15 24 48 80',
      '50 KB TPS 1,592 2,917 4,500 4,917',
      'CPU % 30 52 83 92',
      '100 KB TPS 1,250 2,184 2,513 2,770',
      'CPU % 42 72 85 92',
    ])
  })

  test('state nothing that the source does not', () => {
    for (const name of folders) {
      const { cells, cautions, source, status } = committed(name)
      assert.equal(status, 'published')
      assert.match(source ?? '', /derived here/)
      assert.ok(cautions.some((caution) => caution.startsWith('Not stated by the source')))
      for (const cell of cells) {
        assert.equal(cell.verdict.kind, 'published')
        assert.deepEqual([cell.latencyUs, cell.integrity, cell.generator, cell.layout], [null, null, null, null])
      }
    }
  })

  test('derive core-us per message from CPU, vCPU and TPS', () => {
    const [cell] = publishedResult({
      instance: 'x',
      vcpu: 8,
      concurrentStoreAndDispatch: true,
      cells: [{ sizeKilobytes: 1, pairs: 200, tps: 16_334, cpuPercent: 58 }],
    }).cells
    assert.equal(cell?.broker?.cpuMicrosPerMessage, 284.1)
  })
})

describe('reading the published CSV', () => {
  const head = 'instance,vcpu,csad,size_kb,pairs,tps,cpu_pct'

  test('names the line that is wrong', () => {
    assert.throws(() => publishedTables(`# x\n${head}\na,2,true,1,25,fast,3\n`), /line 3/)
    assert.throws(() => publishedTables(`${head}\na,2,maybe,1,25,1,3\n`), /line 2/)
    assert.throws(() => publishedTables('a,b\n'), /line 1/)
  })
})

describe('finding a reference by name', () => {
  test('takes the name, in any case, with or without mq.', () => {
    for (const name of ['mq.m5.2xlarge', 'MQ.M5.2XLARGE', 'm5.2xlarge']) {
      assert.deepEqual(findReference(name, folders), { kind: 'found', folder: 'mq.m5.2xlarge' })
    }
    assert.deepEqual(findReference('m5.large-csad-false', folders), { kind: 'found', folder: 'mq.m5.large-csad-false' })
  })

  test('offers the nearest name for one that is unknown', () => {
    const finding = findReference('mq.m5.2xlarg', folders)
    assert.equal(finding.kind === 'unknown' ? finding.nearest : '', 'mq.m5.2xlarge')
    const far = findReference('something else', folders)
    assert.equal(far.kind === 'unknown' ? far.nearest : '', null)
  })
})
