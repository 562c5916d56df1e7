import type { OpenLoad } from '../../src/workload/workload.ts'

/** An open model that lacks only its rate and its cap. */
export const CONSTANT_RATE = {
  model: 'open',
  arrivals: { kind: 'constant' },
  ratePerProducer: null,
  catchUp: { kind: 'burst' },
} as const satisfies Partial<OpenLoad>
