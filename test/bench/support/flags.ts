/** Flags of the benchmarks' own command lines. */
import { parseArgs } from 'node:util'

export interface BenchFlags {
  /** Names after `--only=`, else the free words of the command line; empty: all. */
  readonly only: readonly string[]
  /** A short look: too few and too short repetitions for a figure that anybody should quote. */
  readonly quick: boolean
  readonly embeddedOnly: boolean
  readonly minutes: number | null
  /** Where the page goes; null: what is the benchmark's own to decide. */
  readonly out: string | null
}

/** @throws TypeError for an unknown flag, with its name. */
export function benchFlags(words: readonly string[] = process.argv.slice(2)): BenchFlags {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'embedded-only': { type: 'boolean', default: false },
      minutes: { type: 'string' },
      out: { type: 'string' },
    },
    allowPositionals: true,
  })
  return {
    only: [...(values.only?.split(',') ?? []), ...positionals],
    quick: values.quick,
    embeddedOnly: values['embedded-only'],
    minutes: values.minutes === undefined ? null : Number(values.minutes),
    out: values.out ?? null,
  }
}
