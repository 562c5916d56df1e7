/** The flag `noisy` (method.md R3.6): repetitions that differ by more than 5 %, and what is known of the machine. Pure. */
import { NOISY_CV } from '../measure/statistics/variation.ts'
import type { Reason } from './figures.ts'
import type { CellResult, Result } from './result.ts'

/** @param cvPercent of the throughput over the repetitions. @returns the flag, or nothing. */
export function noisyFlag(
  cvPercent: number,
  repetitions: readonly CellResult[],
  environment: Result['environment'],
): Reason[] {
  const limit = NOISY_CV * 100
  if (cvPercent <= limit) return []
  const beside = machineFacts(repetitions, environment)
  const known = beside.length === 0 ? 'nothing is known of steal or pauses' : beside.join(', ')
  return [
    {
      code: 'noisy',
      text: `throughput differs between ${repetitions.length} repetitions by a CV of ${cvPercent.toFixed(1)} %; meanwhile ${known}`,
      figure: cvPercent,
      limit,
    },
  ]
}

function machineFacts(repetitions: readonly CellResult[], environment: Result['environment']): string[] {
  const range = (label: string, unit: string, figureOf: (cell: CellResult) => number | null | undefined): string[] => {
    const figures = repetitions.flatMap((cell) => figureOf(cell) ?? [])
    if (figures.length === 0) return []
    const ends = [...new Set([Math.min(...figures).toFixed(1), Math.max(...figures).toFixed(1)])]
    return [`${label} ${ends.join(' to ')} ${unit}`]
  }
  return [
    ...range('steal', '% of the host', (cell) => cell.generator?.stealPercent),
    ...range('CPU of the broker', '%', (cell) => cell.broker?.cpuPercent),
    ...range('CPU of the generator', '%', (cell) => cell.generator?.cpuPercent),
    ...range('longest GC pause', 'ms', (cell) => cell.generator?.gcPauseMaxMs),
    ...frequency(environment),
  ]
}

function frequency({ cpuGovernor, cpuMhzNow, cpuMhzMax }: Result['environment']): string[] {
  const governor = typeof cpuGovernor === 'string' ? [`governor ${cpuGovernor}`] : []
  if (typeof cpuMhzNow !== 'number' || typeof cpuMhzMax !== 'number') return governor
  return [...governor, `cores at ${Math.round(cpuMhzNow)} of ${Math.round(cpuMhzMax)} MHz when the run began`]
}
