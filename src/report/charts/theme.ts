/**
 * Looks of all charts: one set for light paper, one for a dark screen. The colours keep apart for the common kinds of
 * colour blindness (built on the palette of Okabe and Ito, darkened or lightened to stand out from the ground), and every
 * series has a shape of its own as well. Pure.
 */
import type { ChartSpec } from './chart.ts'

const font = 'DejaVu Sans, sans-serif'

const lightSeries = ['#0072b2', '#d55e00', '#007a5a', '#aa4a86', '#8a6d00', '#2187c4', '#555555', '#5b3fa0']
const darkSeries = ['#56b4e9', '#ff9f45', '#2fc79b', '#e79bc4', '#f0e442', '#b9a6f2', '#c8c8c8', '#ff7a66']
const shapes = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
]

/** Vega-Lite config of a specification on white: files, print, and the report by day. */
export const lightConfig: ChartSpec = config(
  { ground: '#ffffff', ink: '#1c2430', quiet: '#5a6472', rule: '#dfe3e8' },
  lightSeries,
)

/** The same on a dark ground: the report by night. */
export const darkConfig: ChartSpec = config(
  { ground: '#161b22', ink: '#e6edf3', quiet: '#a3adb8', rule: '#30363d' },
  darkSeries,
)

interface Colours {
  readonly ground: string
  readonly ink: string
  readonly quiet: string
  readonly rule: string
}

function config(colours: Colours, series: readonly string[]): ChartSpec {
  const { ground, ink, quiet, rule } = colours
  return {
    background: ground,
    // The chart is one image with one text; a label on every mark would triple its size and drown a listener.
    aria: false,
    font,
    padding: 12,
    title: { anchor: 'start', color: ink, subtitleColor: quiet, fontSize: 15, subtitleFontSize: 11, offset: 14 },
    axis: {
      labelColor: quiet,
      titleColor: ink,
      gridColor: rule,
      domainColor: quiet,
      tickColor: quiet,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 'normal',
      titlePadding: 8,
    },
    legend: {
      labelColor: ink,
      titleColor: quiet,
      orient: 'bottom',
      direction: 'horizontal',
      columns: 6,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 'normal',
      symbolSize: 80,
      labelLimit: 260,
    },
    header: { labelColor: ink, titleColor: ink, labelFontSize: 12, labelAnchor: 'start', labelLimit: 360 },
    view: { stroke: rule },
    range: { category: [...series], symbol: [...shapes] },
    line: { strokeWidth: 2 },
    point: { size: 60 },
    rect: { color: quiet },
  }
}
