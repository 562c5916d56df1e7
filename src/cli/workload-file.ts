/** The edge to workload files: a path, or the name of one that ships with brokermark. */
import fs from 'node:fs'
import { basename } from 'node:path'
import { systemReason } from '../result/system-reason.ts'
import { nearestName } from '../workload/nearest.ts'
import { UsageError } from '../workload/problem.ts'
import { shippedWorkloads } from './shipped-files.ts'

export interface WorkloadFile {
  readonly text: string
  /** The file's name without its ending: the name of the run where the file gives none. */
  readonly name: string
}

/** @throws UsageError where there is no such file or shipped workload, or it cannot be read. */
export function readWorkloadFile(named: string): WorkloadFile {
  const path = fs.existsSync(named) ? named : (shippedWorkloads().get(shippedName(named)) ?? null)
  if (path === null) throw new UsageError([{ path: named, text: missingText(named) }])
  try {
    return { text: fs.readFileSync(path, 'utf8'), name: basename(path).replace(/\.ya?ml$/, '') }
  } catch (cause) {
    throw new UsageError([{ path: named, text: `cannot read the workload: ${systemReason(cause)}` }])
  }
}

/** `workloads/quick.yaml` is found from any folder, as `quick` is. */
function shippedName(named: string): string {
  return named.replace(/^(?:\.\/)?workloads\//, '').replace(/\.ya?ml$/, '')
}

function missingText(named: string): string {
  const shipped = [...shippedWorkloads().keys()]
  const nearest = nearestName(shippedName(named), shipped)
  const hint = nearest === null ? `those that ship are ${shipped.join(', ')}` : `did you mean ${nearest}?`
  return `there is no such workload file; ${hint}`
}
