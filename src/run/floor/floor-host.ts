/** The edge to what a floor depends on. */
import { availableParallelism, cpus } from 'node:os'
import { toolCommit, toolVersion } from '../tool-version.ts'
import type { FloorHost } from './floor-record.ts'

/** This host, this brokermark, this Node. */
export function floorHost(): FloorHost {
  return {
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    toolVersion: toolVersion(),
    toolCommit: toolCommit(),
    nodeVersion: process.version,
  }
}
