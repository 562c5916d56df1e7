import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/** Generator lag up to this is not worth a reason, however small the latencies are (R1.6, our choice). */
const GENERATOR_LAG_P99_FLOOR_US = 1_000
const GENERATOR_LAG_P999_FLOOR_US = 5_000
const GENERATOR_LAG_P99_SHARE = 0.05
const GENERATOR_LAG_P999_SHARE = 0.1

/** The generator itself sent in time (R1.5, R1.6). */
export function generatorLag({ latencyUs }: CellEvidence): Finding {
  const lag = latencyUs.sendLag?.generator
  const response = latencyUs.endToEnd?.response ?? latencyUs.publish?.response
  const limits = [
    {
      name: 'p99',
      lagUs: lag?.p99,
      limitUs: Math.max(GENERATOR_LAG_P99_FLOOR_US, GENERATOR_LAG_P99_SHARE * (response?.p99 ?? 0)),
    },
    {
      name: 'p99.9',
      lagUs: lag?.p999,
      limitUs: Math.max(GENERATOR_LAG_P999_FLOOR_US, GENERATOR_LAG_P999_SHARE * (response?.p999 ?? 0)),
    },
  ]
  const reasons = limits.flatMap(({ name, lagUs, limitUs }) =>
    lagUs === null || lagUs === undefined || lagUs <= limitUs
      ? []
      : [
          {
            code: 'generator-lag',
            text: `the generator itself sent late: its lag at ${name} was ${Math.round(lagUs)} us, the limit is ${Math.round(limitUs)} us; use more threads, a lower rate or a host of its own`,
            figure: lagUs,
            limit: limitUs,
          },
        ],
  )
  return { check: 'generator-lag', kind: 'invalid', reasons }
}
