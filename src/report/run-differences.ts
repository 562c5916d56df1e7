/** What two runs are not alike in, and what either says of itself: sentences to stand below their figures. Pure. */
import type { Result } from '../result/result.ts'
import { measuredSpan } from './head.ts'

/** Facts of the load host that move figures; others, such as the load average, are never the same twice. */
const WEIGHTY_FACTS = [
  ...['cpuModel', 'cpuCores', 'cpuCoresUsable', 'cpuGovernor', 'cgroupCoresLimit', 'memoryBytes'],
  ...['kernel', 'kernelMitigations', 'clockSource', 'virtualisation', 'resultsFileSystem', 'nodeVersion'],
] as const

/** The most weighty first. */
export function runDifferences(one: Result, other: Result): readonly string[] {
  return [
    ...smoke([one, other]),
    ...unlike('Broker', brokersOf(one), brokersOf(other)),
    ...unlike('Measured for', measuredSpan(one) ?? 'nothing', measuredSpan(other) ?? 'nothing'),
    ...unlike('Tool', `brokermark ${one.tool.version}`, `brokermark ${other.tool.version}`),
    ...WEIGHTY_FACTS.flatMap((name) => unlike(name, textOf(one, name), textOf(other, name))),
    ...other.cautions.map((caution) => `The other run: ${caution}`),
  ]
}

function smoke(runs: readonly Result[]): string[] {
  const ids = runs.filter(({ profile }) => profile === 'smoke').map(({ runId }) => runId)
  return ids.length === 0 ? [] : [`Profile smoke, so not a measurement to quote: ${ids.join(' and ')}.`]
}

function unlike(what: string, own: string, theirs: string): string[] {
  return own === theirs ? [] : [`${what}: this run ${own}; the other ${theirs}.`]
}

function brokersOf({ targets }: Result): string {
  const names = targets.map(({ embedded, broker }) =>
    embedded ? 'the embedded broker' : (broker ?? 'a broker that does not tell its name'),
  )
  return [...new Set(names)].join(', ')
}

function textOf({ environment }: Result, name: string): string {
  const value = environment[name] ?? null
  return value === null ? 'does not say' : String(value)
}
