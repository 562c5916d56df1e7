import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { describe, test } from 'node:test'
import { sourceFiles, type SourceFile } from './support/source-files.ts'

/** The longest file: beyond it, a file holds more than one concept. */
const FILE_LINES_MAX = 300

/**
 * Which room may open the door of which other (design.md section 3: arrows point down only). `driver` is the seam itself,
 * the files that lie directly in it: the words in which everybody speaks of brokers and of what went wrong with them.
 */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  main: ['cli'],
  cli: ['run', 'report', 'result', 'reference', 'driver', 'registry', 'broker/embedded', 'broker/launch', 'workload'],
  run: [
    ...['worker', 'driver', 'registry', 'broker/embedded', 'broker/launch', 'broker/management'],
    ...['probe', 'result', 'measure', 'pacing', 'workload'],
  ],
  worker: ['driver', 'registry', 'pacing', 'measure', 'workload'],
  registry: ['driver', 'driver/*'],
  'driver/*': ['driver', 'protocol/*', 'transport', 'workload'],
  driver: [],
  'broker/embedded': ['protocol/*', 'transport', 'driver', 'workload'],
  'broker/launch': [],
  'broker/management': ['driver', 'workload'],
  transport: ['driver'],
  'protocol/*': ['workload'],
  measure: ['workload'],
  pacing: ['workload'],
  probe: [],
  result: ['measure', 'workload'],
  reference: ['result', 'workload'],
  report: ['result', 'measure', 'workload'],
  workload: ['driver'],
}

const PURE = /^src\/(workload|pacing|protocol|measure|report)\//
/** Where the pure rooms meet the world, each named in design.md. */
const EDGES = ['src/pacing/pacer.ts', 'src/measure/clock.ts', 'src/report/render.ts']
/** Modules of Node that only compute. */
const HARMLESS_MODULES = ['node:buffer', 'node:util']
/** Files that are a process or a thread of their own, and so may end it. */
const PROCESS_ENTRIES = ['src/main.ts', 'src/broker/embedded/main.ts', 'src/run/repetition-process/main.ts']

const sources = sourceFiles('src')
const pure = sources.filter(({ path }) => PURE.test(path) && !EDGES.includes(path))

describe('the house has the walls that design.md draws', () => {
  test('imports point down only', () => {
    const wrong = sources.flatMap((file) =>
      file.imports.filter((target) => !mayImport(file.path, target)).map((target) => `${file.path} imports ${target}`),
    )
    assert.deepEqual(wrong, [])
  })

  test('every folder has its place in the drawing', () => {
    const homeless = sources.map(({ path }) => path).filter((path) => !(roomOf(path).kind in DOORS))
    assert.deepEqual(homeless, [])
  })

  test('what is pure imports nothing that has effects', () => {
    const wrong = pure.flatMap(({ path, packages }) =>
      packages
        .filter((name) => name.startsWith('node:') && !HARMLESS_MODULES.includes(name))
        .map((name) => `${path} imports ${name}`),
    )
    assert.deepEqual(wrong, [])
  })

  test('what is pure reads no clock, no random numbers and no process, and writes to no console', () => {
    assert.deepEqual(
      offenders(pure, /\bconsole\.|\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bMath\.random\b|\bprocess\./),
      [],
    )
  })

  test('main.ts alone reads the arguments, and only entries of processes exit', () => {
    assert.deepEqual(offenders(without('src/main.ts'), /\bprocess\.argv\b/), [])
    assert.deepEqual(offenders(without(...PROCESS_ENTRIES), /\bprocess\.exit(Code)?\b/), [])
  })

  test('drivers keep no histogram: recording is the harness, the same for every protocol', () => {
    const recorders = sources.filter(
      ({ path, packages }) => path.startsWith('src/driver/') && packages.includes('hdr-histogram-js'),
    )
    assert.deepEqual(
      recorders.map(({ path }) => path),
      [],
    )
  })

  test('no file is a drawer for odds and ends', () => {
    const drawers = sources.filter(({ path }) =>
      /^(utils?|helpers?|common|misc|types|constants)\.ts$/.test(basename(path)),
    )
    assert.deepEqual(
      drawers.map(({ path }) => path),
      [],
    )
  })

  test(`no file is longer than ${FILE_LINES_MAX} lines`, () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > FILE_LINES_MAX)
    assert.deepEqual(long, [])
  })
})

interface Room {
  /** Key of DOORS. */
  readonly kind: string
  /** Sub-folder of a kind that has several (`stomp`); empty elsewhere. */
  readonly name: string
}

function roomOf(path: string): Room {
  const [, folder = '', child = '', ...deeper] = path.split('/')
  if (path === 'src/main.ts') return { kind: 'main', name: '' }
  if (path === 'src/driver/registry.ts') return { kind: 'registry', name: '' }
  if (folder === 'broker') return { kind: `broker/${child}`, name: '' }
  if (folder === 'protocol') return { kind: 'protocol/*', name: deeper.length > 0 ? child : '' }
  if (folder === 'driver' && deeper.length > 0) return { kind: 'driver/*', name: child }
  return { kind: folder, name: '' }
}

function mayImport(from: string, to: string): boolean {
  const importer = roomOf(from)
  const imported = roomOf(to)
  const sameKind = importer.kind === imported.kind
  // One protocol's folder never opens another's, be it codec or driver; codecs share what lies above them.
  const sameProtocol = importer.name === '' || imported.name === '' || importer.name === imported.name
  if (sameKind) return sameProtocol
  return sameProtocol && (DOORS[importer.kind]?.includes(imported.kind) ?? false)
}

function without(...paths: readonly string[]): SourceFile[] {
  return sources.filter(({ path }) => !paths.includes(path))
}

function offenders(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, code }) => {
    const found = pattern.exec(code)
    return found === null ? [] : [`${path} has ${found[0]}`]
  })
}
