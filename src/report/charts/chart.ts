/** What every chart is made of. Pure. */
import type { ReportTable } from '../report-table.ts'

/** A Vega-Lite specification as plain JSON. */
export type ChartSpec = Readonly<Record<string, unknown>>

export interface Chart {
  /** File name without ending, and id in HTML: `tps-by-pairs`. */
  readonly name: string
  readonly title: string
  /** What the chart shows, in sentences: its text alternative. */
  readonly summary: string
  /** What to know when looking at it: axes, what is left out, where the figures are. */
  readonly caption: string
  readonly spec: ChartSpec
  /** Figures that stand in no other table of the report; null where the tables have them already. */
  readonly figures: ReportTable | null
}

/** One point of a latency-by-percentile curve, decoded from a histogram. */
export interface CurvePoint {
  /** 0 to 100. */
  readonly percentile: number
  readonly valueUs: number
}

/** Curves by cell id, then by distribution: `endToEnd.service`, `publish.response` ... */
export type Curves = ReadonlyMap<string, Readonly<Record<string, readonly CurvePoint[]>>>
