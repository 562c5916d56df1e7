/** Whether the declared guarantee was kept (method.md R6.4). Pure. */
import type { Integrity } from '../result/result.ts'
import type { DeliveryPlan, Guarantee } from '../workload/workload.ts'

/** One thing that a guarantee forbids, by the reason code that says it was broken. */
export type BrokenPromise = 'lossy' | 'duplicated' | 'aborted' | 'late'

const FORBIDS: Readonly<Record<Guarantee, readonly BrokenPromise[]>> = {
  none: [],
  'at-most-once': ['duplicated'],
  'at-least-once': ['lossy'],
  'exactly-once': ['lossy', 'duplicated', 'aborted'],
}

/** What of a workload says what has to be kept. */
export type DeliveryPromise = Pick<DeliveryPlan, 'guarantee' | 'ordered'>

/** Whether the guarantee forbids it, so that it makes a cell invalid instead of being a remark. */
export function forbids({ guarantee, ordered }: DeliveryPromise, what: BrokenPromise): boolean {
  return what === 'late' ? ordered : FORBIDS[guarantee].includes(what)
}

type Counts = Pick<Integrity, 'lost' | 'duplicated' | 'aborted' | 'late' | 'received' | 'confirmed'>

/**
 * The judgement that goes into the result. With nothing broken among N messages, the true share is below 1 - 0.05^(1/N),
 * nearly 3/N, at 95 % confidence (rule of three).
 */
export function judgeGuarantee(promise: DeliveryPromise, counts: Counts): NonNullable<Integrity['guarantee']> {
  const broken: Readonly<Record<BrokenPromise, number>> = {
    lossy: counts.lost,
    duplicated: counts.duplicated,
    aborted: counts.aborted,
    late: counts.late,
  }
  const kept = Object.entries(broken).every(([what, count]) => count === 0 || !forbids(promise, what as BrokenPromise))
  const messages = counts.received
  return {
    declared: promise.guarantee,
    ordered: promise.ordered,
    kept,
    messages,
    brokenPerMillionMax: kept && messages > 0 ? (1 - 0.05 ** (1 / messages)) * 1e6 : null,
  }
}
