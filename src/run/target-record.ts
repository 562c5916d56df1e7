/** What the result says of a target. Pure. */
import type { TargetResult } from '../result/result.ts'
import { protocolOf } from '../workload/expand.ts'
import type { Target } from '../workload/target.ts'
import type { TargetSession } from './target-session.ts'

export function targetResult(target: Target, session: Pick<TargetSession, 'identity' | 'cpuSource'>): TargetResult {
  return { ...unreachedTarget(target), broker: brokerName(session), cpuSource: session.cpuSource }
}

/** Of a target that could not be used. */
export function unusableTarget(target: Target): TargetResult {
  return { ...unreachedTarget(target), cpuSource: 'the target could not be used' }
}

/** Of a target whose turn has not come. */
export function unreachedTarget(target: Target): TargetResult {
  return {
    target: target.label,
    protocol: protocolOf(target),
    broker: null,
    embedded: target.kind !== 'broker',
    cpuSource: 'not reached in this run',
    remains: [],
  }
}

/** `ActiveMQ 5.18.3`; null where the protocol does not tell. */
export function brokerName({ identity }: Pick<TargetSession, 'identity'>): string | null {
  if (identity.product === null) return null
  return identity.version === null ? identity.product : `${identity.product} ${identity.version}`
}
