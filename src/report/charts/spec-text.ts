/** A specification as the text of a file: readable, with one line per data row. Pure. */
import type { ChartSpec } from './chart.ts'

/** Data rows of a specification; empty where it has none inline. */
export function specRows(spec: ChartSpec): readonly ChartSpec[] {
  const { data } = spec
  if (typeof data !== 'object' || data === null || !('values' in data) || !Array.isArray(data.values)) return []
  return data.values as ChartSpec[]
}

/** The same specification with other data. */
export function withRows(spec: ChartSpec, rows: readonly ChartSpec[]): ChartSpec {
  return { ...spec, data: { values: rows } }
}

/** JSON, indented by two, with a final line break. */
export function specText(spec: ChartSpec): string {
  const rows = specRows(spec).map((row) => `      ${JSON.stringify(row)}`)
  const [head = '', tail = ''] = JSON.stringify(withRows(spec, []), null, 2).split('"values": []', 2)
  return `${head}"values": [\n${rows.join(',\n')}\n    ]${tail}\n`
}
