/** The edge to what ships with brokermark: its version, its workloads, its reference figures. */
import fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder with brokermark's package.json, wherever the compiled files lie below it. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!fs.existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error('no package.json above the compiled files')
    folder = parent
  }
  return folder
}

/** `0.1.0`, from package.json. */
export function packageVersion(): string {
  const parsed: unknown = JSON.parse(fs.readFileSync(join(packageRoot(), 'package.json'), 'utf8'))
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string') {
    return parsed.version
  }
  throw new Error('package.json names no version')
}

/** Workload files that ship with brokermark, by name (`quick`), in alphabetical order. */
export function shippedWorkloads(): ReadonlyMap<string, string> {
  const folder = join(packageRoot(), 'workloads')
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((file) => file.endsWith('.yaml')) : []
  return new Map(files.sort().map((file) => [file.slice(0, -'.yaml'.length), join(folder, file)]))
}

/** The folder of the published figures, one folder per reference. */
export function referenceFolder(): string {
  return join(packageRoot(), 'results', 'reference')
}
