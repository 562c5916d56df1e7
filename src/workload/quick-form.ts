/** The short flags of `run`, known from RabbitMQ PerfTest, as overrides of workload leaves: one path for both forms. */
import type { Override } from './override.ts'
import { DEFAULTS } from './defaults.ts'

/** As the user wrote them; a comma list is an axis. Absent flags are undefined. */
export interface QuickFlags {
  readonly x?: string | undefined
  readonly y?: string | undefined
  readonly s?: string | undefined
  readonly r?: string | undefined
  readonly c?: string | undefined
  readonly q?: string | undefined
  readonly z?: string | undefined
  readonly C?: string | undefined
}

const PATHS = {
  x: 'matrix.producers',
  y: 'matrix.consumers',
  s: 'matrix.messageBytes',
  r: 'load.ratePerSecond',
  c: 'load.inFlight',
  q: 'delivery.prefetch',
  z: 'phases.measureSeconds',
  C: 'phases.messagesPerProducer',
} as const

/** A rate makes the model open; without `-c` its cap is the default of that model, said in a note. */
export function overridesOf(flags: QuickFlags): {
  readonly overrides: readonly Override[]
  readonly notes: readonly string[]
} {
  const overrides: Override[] = []
  for (const [flag, path] of Object.entries(PATHS) as [keyof typeof PATHS, string][]) {
    const written = flags[flag]
    if (written !== undefined) overrides.push({ path, at: `-${flag}`, value: valueOf(written) })
  }
  if (flags.r === undefined) return { overrides, notes: [] }
  overrides.push({ path: 'load.model', at: '-r', value: 'open' })
  if (flags.c !== undefined) return { overrides, notes: [] }
  const cap = DEFAULTS.load.openInFlight
  overrides.push({ path: 'load.inFlight', at: '-r', value: cap })
  return {
    overrides,
    notes: [
      `-r without -c: at most ${cap} messages in flight per producer, so that a stalled broker is seen and not waited for`,
    ],
  }
}

function valueOf(written: string): unknown {
  const values = written.split(',').map((part) => numberOrText(part.trim()))
  return values.length === 1 ? values[0] : values
}

function numberOrText(part: string): number | string {
  // Number('') is 0, and an empty part of a list is a slip of the finger.
  return part !== '' && Number.isFinite(Number(part)) ? Number(part) : part
}
