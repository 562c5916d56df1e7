/** A result made visible: the files of the report, the table on the terminal, or `result.json` on stdout. */
import fs from 'node:fs'
import { dirname, join } from 'node:path'
import { headlineDistribution } from '../result/headline.ts'
import { percentileCurve, type CurvePoint } from '../result/histogram-log.ts'
import { readHistogramText } from '../result/load-result.ts'
import type { Result } from '../result/result.ts'
import { renderTerminal } from '../report/terminal.ts'
import type { CliContext } from './context.ts'

export interface ShownReport {
  readonly result: Result
  /** What the result was loaded from: its folder, or a result.json. */
  readonly path: string
  /** Where the files of the report go; null writes none. */
  readonly folder: string | null
  readonly against: Result | null
}

/** Latency-by-percentile curves by cell id and tag, from the `.hlog` files beside the result. */
export type Curves = ReadonlyMap<string, Readonly<Record<string, readonly CurvePoint[]>>>

/**
 * Writes the files, then prints what the flags ask for: the table and the paths, only JSON, or nothing.
 * @throws StoreError where the files cannot be written; what was measured is printed all the same.
 */
export async function printReport(
  report: ShownReport,
  flags: { readonly json?: boolean; readonly quiet?: boolean },
  context: CliContext,
): Promise<void> {
  const { folder } = report
  const writing = folder === null ? Promise.resolve([]) : writeFiles(report, folder)
  print(report, await writing.catch(() => []), flags, context)
  await writing
}

function print(
  { result, against, folder }: ShownReport,
  paths: readonly string[],
  flags: { readonly json?: boolean; readonly quiet?: boolean },
  context: CliContext,
): void {
  if (flags.json === true) {
    context.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
    return
  }
  if (flags.quiet === true) return
  const { isTerminal, columns } = context.stdout
  const colour = isTerminal && context.environment['NO_COLOR'] === undefined
  context.stdout.write(renderTerminal(result, { colour, width: Math.max(40, columns) }, against))
  if (folder !== null) context.stdout.write(`\n${pathLines(folder, paths).join('\n')}\n`)
}

/** What to open: the result, the page and the tables by name, the charts by their folder. */
function pathLines(folder: string, paths: readonly string[]): readonly string[] {
  const isChart = (path: string): boolean => dirname(path) !== dirname(paths[0] ?? '')
  const charts = paths.filter(isChart)
  return [
    ...paths.filter((path) => !isChart(path)),
    ...[...new Set(charts.map(dirname))].map((place) => `${place}/ (each chart as SVG, PNG and Vega-Lite)`),
    ...[join(folder, 'result.json')].filter((path) => fs.existsSync(path)),
  ]
}

async function writeFiles(report: ShownReport, folder: string): Promise<readonly string[]> {
  // Loaded only here: the chart libraries take half a second that a dry run need not spend.
  const { writeReport } = await import('../report/write-report.ts')
  const { files } = await writeReport(report.result, { folder, curves: curvesOf(report), against: report.against })
  return files
}

function curvesOf({ result, path }: ShownReport): Curves {
  return new Map(
    result.cells.flatMap((cell) => {
      const text = readHistogramText(path, cell)
      // Charts show the headline alone, and a log of two minutes has 120 lines for each distribution.
      return text === null
        ? []
        : [[cell.id, percentileCurve(text, undefined, [headlineDistribution(cell).tag])] as const]
    }),
  )
}
