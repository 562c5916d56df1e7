import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import { secondLimit, type SecondLimit } from './second-limit.ts'

/** Generator lag up to this is not worth a reason, however small the latencies are (R1.6, our choice). */
const GENERATOR_LAG_P99_FLOOR_US = 1_000
const GENERATOR_LAG_P999_FLOOR_US = 5_000
const GENERATOR_LAG_P99_SHARE = 0.05
const GENERATOR_LAG_P999_SHARE = 0.1

/** The generator itself sent in time (R1.5, R1.6). */
export function generatorLag({ latencyUs }: CellEvidence): Finding {
  const lag = latencyUs.sendLag?.generator
  const limitsUs = lagLimitsUs({ latencyUs })
  const judged = [
    { name: 'p99', lagUs: lag?.p99, limitUs: limitsUs.p99 },
    { name: 'p99.9', lagUs: lag?.p999, limitUs: limitsUs.p999 },
  ]
  const reasons = judged.flatMap(({ name, lagUs, limitUs }) =>
    lagUs === null || lagUs === undefined || lagUs <= limitUs
      ? []
      : [
          {
            code: 'generator-lag',
            text: `the generator itself sent late: its lag at ${name} was ${millisecondsText(lagUs)}, the limit is ${millisecondsText(limitUs)}; use more threads, a lower rate or a host of its own`,
            figure: lagUs,
            limit: limitUs,
          },
        ],
  )
  return { check: 'generator-lag', kind: 'invalid', reasons }
}

/** The same limits by the second. Where only the p99.9 of a second is over its limit, at most a hundredth left late. */
export function generatorLagSeconds({ latencyUs }: CellEvidence): readonly SecondLimit[] {
  const limitsUs = lagLimitsUs({ latencyUs })
  const what = 'the generator itself sent late'
  return [
    secondLimit({
      code: 'generator-lag',
      what,
      limit: limitsUs.p99,
      figureOf: (second) => second.generatorLagP99Us,
      text: (lagUs) => `${millisecondsText(lagUs)} at p99`,
    }),
    secondLimit({
      code: 'generator-lag',
      what,
      limit: limitsUs.p999,
      figureOf: (second) => second.generatorLagP999Us,
      text: (lagUs) => `${millisecondsText(lagUs)} at p99.9`,
      share: 0.01,
    }),
  ]
}

/** Of the response latency that heads the cell, and never under 1 ms and 5 ms. */
export function lagLimitsUs({ latencyUs }: Pick<CellEvidence, 'latencyUs'>): {
  readonly p99: number
  readonly p999: number
} {
  const response = latencyUs.endToEnd?.response ?? latencyUs.publish?.response
  return {
    p99: Math.max(GENERATOR_LAG_P99_FLOOR_US, GENERATOR_LAG_P99_SHARE * (response?.p99 ?? 0)),
    p999: Math.max(GENERATOR_LAG_P999_FLOOR_US, GENERATOR_LAG_P999_SHARE * (response?.p999 ?? 0)),
  }
}

/** `60.9 ms`: as the tables have it. */
function millisecondsText(us: number): string {
  return `${(us / 1_000).toFixed(1)} ms`
}
