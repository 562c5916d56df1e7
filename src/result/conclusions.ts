/** What a result says beyond its single cells: points, sentinels, and the cautions that follow from them. Pure. */
import type { Reason } from './figures.ts'
import type { SentinelResult } from './point.ts'
import { pointsOf } from './points.ts'
import type { Result } from './result.ts'
import { sentinelsOf } from './sentinels.ts'

/**
 * The result with its points, sentinels and cautions made anew from its cells: the same cells give the same.
 * Published figures are left as they are.
 */
export function withConclusions(result: Result): Result {
  if (result.status === 'published') return result
  const sentinels = sentinelsOf(result.cells, result.priorVariation)
  const flags = new Map(sentinels.flatMap((one) => (one.drifted === true ? [[one.target, driftedFlag(one)]] : [])))
  const points = pointsOf(result).map((point) => {
    const flag = flags.get(point.target)
    return flag === undefined ? point : { ...point, flags: [...point.flags, flag] }
  })
  const cautions = [...flags].map(([target, flag]) => driftCaution(target, flag))
  return { ...result, points, sentinels, cautions: [...new Set([...result.cautions, ...cautions])] }
}

function driftedFlag(sentinel: SentinelResult): Reason {
  const [within, over] = [sentinel.movedPercent ?? 0, sentinel.movedOverCampaignPercent ?? 0]
  const [chanceWithin, chanceOver] = [
    sentinel.minimumDetectableEffectPercent ?? Infinity,
    sentinel.minimumDetectableEffectOverCampaignPercent ?? Infinity,
  ]
  const isOver = over / chanceOver > within / chanceWithin
  const [moved, limit] = isOver ? [over, chanceOver] : [within, chanceWithin]
  const where = isOver ? 'between parts of the campaign' : 'between the start, the middle and the end of its block'
  return {
    code: 'drifted',
    text: `the sentinel moved by ${moved.toFixed(1)} % ${where}, more than the ${limit.toFixed(1)} % that chance explains${sourceText(sentinel.cvSource)}`,
    figure: moved,
    limit,
  }
}

function sourceText(source: SentinelResult['cvSource']): string {
  switch (source) {
    case 'history':
      return ' by an earlier result'
    case 'own-seconds':
      return ' by its own seconds (optimistic)'
    default:
      return ''
  }
}

function driftCaution(target: string, flag: Reason): string {
  return `Drifted (docs/method/repetitions.md#drifted): on ${target} ${flag.text}. The machine or the broker did not stay the same: cells of this matrix that were measured at different times cannot be told apart by less.`
}
