/**
 * The report's one edge. Pictures: Vega-Lite to SVG by Vega, SVG to PNG by resvg with a font that ships in a package, so
 * that the same specification gives the same bytes on every machine. And the disk: the chart libraries that go into the
 * page, the files that come out.
 */
import { Resvg } from '@resvg/resvg-js'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parse, resetSVGDefIds, View } from 'vega'
import { compile, resetIdCounter, type TopLevelSpec } from 'vega-lite'
import { storeError } from '../result/system-reason.ts'
import type { ChartSpec } from './charts/chart.ts'
import { tidySvg } from './charts/tidy-svg.ts'

const { resolve } = createRequire(import.meta.url)

/**
 * Draws one chart.
 *
 * @param idPrefix put before every id inside the SVG, so that several fit on one page.
 * @throws Error when the specification is not valid Vega-Lite.
 */
export async function renderSvg(spec: ChartSpec, idPrefix: string): Promise<string> {
  // Both libraries count ids over the life of the process; a chart must not depend on how many came before it.
  resetSVGDefIds()
  resetIdCounter()
  const compiled = compile(spec as unknown as TopLevelSpec)
  const view = new View(parse(compiled.spec), { renderer: 'none' })
  try {
    return tidySvg(await view.toSVG(), idPrefix, typeof spec['description'] === 'string' ? spec['description'] : '')
  } finally {
    view.finalize()
  }
}

/** Pixels per SVG unit in a PNG: sharp on a high-density screen. */
const PNG_SCALE = 2

/** @returns the bytes of a PNG at twice the size of the SVG. */
export function renderPng(svg: string): Uint8Array {
  const family = 'DejaVu Sans'
  const rendered = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: PNG_SCALE },
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: family, sansSerifFamily: family },
  })
  return rendered.render().asPng()
}

function fontFiles(): string[] {
  const folder = join(dirname(resolve('dejavu-fonts-ttf/package.json')), 'ttf')
  return ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSans-Oblique.ttf'].map((name) => join(folder, name))
}

/** The browser builds of Vega, Vega-Lite and vega-embed from their packages, in the order in which they must run. */
export function chartLibraries(): string[] {
  return ['vega', 'vega-lite', 'vega-embed'].map((name) => {
    const build = join(dirname(resolve(name)), `${name}.min.js`)
    return fs.readFileSync(build, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/gm, '')
  })
}

/** SHA-256 of a text in base64. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

export interface ReportFile {
  /** Relative to the folder of the report, with `/`. */
  readonly path: string
  readonly content: string | Uint8Array
}

/**
 * Writes files below `folder`, making folders as needed.
 *
 * @returns their paths, in the order given.
 * @throws StoreError naming the path and the system's reason.
 */
export function writeFiles(folder: string, files: readonly ReportFile[]): string[] {
  return files.map((file) => {
    const path = join(folder, ...file.path.split('/'))
    try {
      fs.mkdirSync(dirname(path), { recursive: true })
      fs.writeFileSync(path, file.content)
    } catch (cause) {
      // What a full disk left of a page is worse than none; the first failure is the one worth reporting.
      removeHalf(path)
      throw storeError('write', path, cause)
    }
    return path
  })
}

function removeHalf(path: string): void {
  try {
    fs.rmSync(path, { force: true })
  } catch {
    // Where nothing can be written, nothing can be removed either.
  }
}
