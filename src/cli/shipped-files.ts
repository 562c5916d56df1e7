/** The edge to what ships with brokermark: its workloads and its reference figures. */
import fs from 'node:fs'
import { join } from 'node:path'
import { toolFolder } from '../run/tool-version.ts'

/** Workload files that ship with brokermark, by name (`quick`), in alphabetical order. */
export function shippedWorkloads(): ReadonlyMap<string, string> {
  const folder = join(toolFolder(), 'workloads')
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((file) => file.endsWith('.yaml')) : []
  return new Map(files.sort().map((file) => [file.slice(0, -'.yaml'.length), join(folder, file)]))
}

/** The folder of the published figures, one folder per reference. */
export function referenceFolder(): string {
  return join(toolFolder(), 'results', 'reference')
}
