import type { CellResult } from '../../result/result.ts'

/**
 * Above this a floor says more of what else ran than of the harness *(our choice)*: the kernel's own work for the sockets,
 * which belongs to no process, stays well below.
 */
export const OTHERS_PERCENT_MAX = 25

/**
 * What neither generator nor embedded broker used of this host's cores while the cell was measured and was used all the
 * same, by other programs or by the hypervisor for others: percent of all cores, never below 0. Null where unknown.
 */
export function othersPercent({ intervals }: Pick<CellResult, 'intervals'>): number | null {
  let seconds = 0
  let others = 0
  for (const { phase, seconds: length, hostIdlePercent, generatorCpuPercent, brokerCpuPercent } of intervals) {
    if (phase !== 'measure' || hostIdlePercent === null || generatorCpuPercent === null || brokerCpuPercent === null)
      continue
    seconds += length
    others += length * (100 - hostIdlePercent - generatorCpuPercent - brokerCpuPercent)
  }
  return seconds === 0 ? null : Math.max(0, others / seconds)
}
