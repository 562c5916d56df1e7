/** What the reference figures become: results in our own schema and charts, as files of the repository. */
import type { Result } from '../../src/result/result.ts'
import { allCharts } from '../../src/report/charts/all-charts.ts'
import type { ReportFile } from '../../src/report/render.ts'
import { chartFiles, drawCharts } from '../../src/report/write-report.ts'
import { publishedTables } from '../../src/reference/published-matrix.ts'
import { publishedResult } from '../../src/reference/published-result.ts'

/** `results/reference/NAME/result.json` of every published table. */
export function resultFiles(csv: string): ReportFile[] {
  return publishedTables(csv).map((table) => {
    const result = publishedResult(table)
    return { path: `results/reference/${result.runId}/result.json`, content: `${JSON.stringify(result, null, 2)}\n` }
  })
}

/** `charts/NAME-tps-by-pairs.svg` and so on: each table, and all instance types side by side. */
export async function referenceChartFiles(csv: string): Promise<ReportFile[]> {
  const tables = publishedTables(csv)
  const results = tables.map(publishedResult)
  const sideBySide = [true, false].map((csad) =>
    joined(
      results.filter((_, place) => tables[place]?.concurrentStoreAndDispatch === csad),
      csad,
    ),
  )
  const files: ReportFile[] = []
  for (const result of [...results, ...sideBySide]) {
    files.push(...chartFiles(await drawCharts(allCharts(result, new Map())), `charts/${result.runId}-`))
  }
  return files
}

function joined(results: readonly Result[], csad: boolean): Result {
  const [first] = results
  if (first === undefined) throw new Error('the reference figures are empty')
  return {
    ...first,
    runId: csad ? 'amazon-mq' : 'amazon-mq-csad-false',
    title: `Amazon MQ for ActiveMQ, concurrentStoreAndDispatchQueues ${String(csad)}: published figures`,
    targets: results.flatMap((result) => result.targets),
    cells: results.flatMap((result) => result.cells),
  }
}
