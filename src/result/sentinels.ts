/**
 * The sentinel of each target: one cell measured at the start, in the middle and at the end of its block, in every
 * repetition (method.md R3.7). What it moves beyond chance is not the broker's configuration but the machine. Pure.
 */
import { judgeDrift, type Drift, type SentinelMeasurements } from '../measure/statistics/drift.ts'
import { withinRunVariation } from '../measure/statistics/within-run-variation.ts'
import { headlineRate } from './headline.ts'
import type { PriorVariation, SentinelResult } from './point.ts'
import { isCounted, pointIdOf } from './points.ts'
import type { CellResult } from './result.ts'
import { ratesOfSeconds } from './seconds.ts'

type Place = 'start' | 'middle' | 'end'

/** What the sentinel varies by where nothing drifts. */
interface Noise {
  /** A share. */
  readonly cv: number
  readonly degreesOfFreedom: number
  readonly source: NonNullable<SentinelResult['cvSource']>
}

/** One entry per target that has sentinels, in the order in which they were measured. */
export function sentinelsOf(cells: readonly CellResult[], priorVariation: readonly PriorVariation[]): SentinelResult[] {
  const byTarget = new Map<string, CellResult[]>()
  for (const cell of cells.filter(({ sentinel }) => sentinel !== null).toSorted((a, b) => a.order - b.order))
    byTarget.set(cell.target, [...(byTarget.get(cell.target) ?? []), cell])
  return [...byTarget.values()].flatMap((measured) => {
    const [first] = measured
    return first === undefined ? [] : [sentinelOf(first, measured, priorVariation)]
  })
}

function sentinelOf(
  first: CellResult,
  measured: readonly CellResult[],
  priorVariation: readonly PriorVariation[],
): SentinelResult {
  const counted = measured.filter((cell) => isCounted(cell) && headlineRate(cell) !== null)
  const at = (place: Place): number[] => ratesOf(counted.filter(({ sentinel }) => sentinel === place))
  const places = { start: at('start'), middle: at('middle'), end: at('end') }
  const noise = betweenRepetitions(counted) ?? fromHistory(first, priorVariation) ?? fromOwnSeconds(counted)
  const within = judged(places, noise)
  const isRepeated = new Set(counted.map(({ repetition }) => repetition)).size > 1
  const over = isRepeated
    ? judged(inThirds(ratesOf(counted)), fromDifferences(ratesOf(counted), ratesOf(counted)))
    : null
  const judgements = [within, over].flatMap((drift) => drift ?? [])
  return {
    target: first.target,
    axes: { ...first.axes },
    cellIds: measured.map(({ id }) => id),
    counted: counted.length,
    startPerSecond: places.start,
    middlePerSecond: places.middle,
    endPerSecond: places.end,
    movedPercent: within === null ? null : within.moved * 100,
    movedOverCampaignPercent: over === null ? null : over.moved * 100,
    minimumDetectableEffectPercent: within === null ? null : within.minimumDetectableEffect * 100,
    minimumDetectableEffectOverCampaignPercent: over === null ? null : over.minimumDetectableEffect * 100,
    cvOverRunsPercent: noise === null ? null : noise.cv * 100,
    cvSource: noise?.source ?? null,
    drifted: judgements.length === 0 ? null : judgements.some(({ drifted }) => drifted),
  }
}

function ratesOf(cells: readonly CellResult[]): number[] {
  return cells.flatMap((cell) => headlineRate(cell)?.perSecond ?? [])
}

/** First, middle and last third in the order of measurement: a step between repetitions is in no place of the block. */
function inThirds(values: readonly number[]): SentinelMeasurements {
  const third = Math.floor(values.length / 3)
  return {
    start: values.slice(0, third),
    middle: values.slice(third, values.length - third),
    end: values.slice(values.length - third),
  }
}

function judged(sentinel: SentinelMeasurements, noise: Noise | null): Drift | null {
  return judgeDrift(sentinel, noise?.cv ?? null, noise?.degreesOfFreedom)
}

/** Between one repetition and the next at the same place: what a block does to its own end in each of them is not in it. */
function betweenRepetitions(counted: readonly CellResult[]): Noise | null {
  const places = (['start', 'middle', 'end'] as const).map((place) =>
    ratesOf(counted.filter(({ sentinel }) => sentinel === place)),
  )
  return fromDifferences(ratesOf(counted), ...places)
}

/**
 * CV from the differences of neighbours (von Neumann 1941): a step is in one of them only, where the standard deviation
 * would contain it whole and so hide it.
 */
function fromDifferences(all: readonly number[], ...series: readonly (readonly number[])[]): Noise | null {
  const mean = all.reduce((sum, rate) => sum + rate, 0) / all.length
  const differences = series.flatMap((rates) =>
    rates.slice(1).map((rate, index) => (rate - (rates[index] ?? rate)) / mean),
  )
  if (differences.length === 0) return null
  const cv = Math.sqrt(differences.reduce((sum, difference) => sum + difference ** 2, 0) / 2 / differences.length)
  // Neighbouring differences share a value: many of them weigh two thirds (von Neumann), a handful still less.
  return { cv, degreesOfFreedom: (differences.length + 1) / 2, source: 'repetitions' }
}

function fromHistory(first: CellResult, priorVariation: readonly PriorVariation[]): Noise | null {
  const pointId = pointIdOf({ ...first, id: first.id.replace(/-sentinel-[a-z]+$/, '') })
  const prior = priorVariation.find((entry) => entry.target === first.target && entry.pointId === pointId)
  if (prior === undefined) return null
  return { cv: prior.cvOverRunsPercent / 100, degreesOfFreedom: prior.runs - 1, source: 'history' }
}

function fromOwnSeconds(counted: readonly CellResult[]): Noise | null {
  const known = counted.flatMap((cell) => withinRunVariation(ratesOfSeconds(cell)) ?? [])
  if (known.length === 0) return null
  const cv = Math.sqrt(known.reduce((sum, one) => sum + one.cv ** 2, 0) / known.length)
  const seconds = known.reduce((sum, { effectiveSeconds }) => sum + effectiveSeconds, 0)
  return { cv, degreesOfFreedom: seconds - known.length, source: 'own-seconds' }
}
