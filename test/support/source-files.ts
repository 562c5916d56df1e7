import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

/** One TypeScript file of the project, with paths as written in design.md (`src/driver/stomp/wire.ts`). */
export interface SourceFile {
  readonly path: string
  readonly text: string
  /** The text with comments blanked out: what a rule about code may look at. */
  readonly code: string
  /** Paths of project files that it imports, types and dynamic imports included. */
  readonly imports: readonly string[]
  /** Names of packages and `node:` modules that it imports. */
  readonly packages: readonly string[]
}

/** Every `.ts` file under a folder of the checkout; tests are run from its root. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
    .map((name) => readSource(join(folder, name).replaceAll('\\', '/')))
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, 'utf8')
  const specifiers = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
  return {
    path,
    text,
    code: withoutComments(text),
    imports: specifiers.filter((name) => name.startsWith('.')).map((name) => relative('', join(dirname(path), name))),
    packages: specifiers.filter((name) => !name.startsWith('.')),
  }
}

function withoutComments(text: string): string {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.ESNext, false)
  return ts.createPrinter({ removeComments: true }).printFile(source)
}
