/** Readers of what an open model says of its arrivals. */
import type { Leaves } from './leaves.ts'
import type { CatchUp } from './workload.ts'
import { onlyEntry, type Reader } from './readers.ts'

export const arrivals: Reader<Leaves['load.arrivals']> = {
  expected:
    'constant, poisson, { ramp: RATE } to end at, { steps: [{ ratePerSecond: R, seconds: S }, ...] } or { trace: PATH }',
  read: (value) => {
    if (value === 'constant' || value === 'poisson') return { kind: value }
    const toPerSecond = onlyEntry(value, 'ramp')
    if (isAboveZero(toPerSecond)) return { kind: 'ramp', toPerSecond }
    const path = onlyEntry(value, 'trace')
    if (typeof path === 'string' && path !== '') return { kind: 'trace', path }
    const steps = onlyEntry(value, 'steps')
    return Array.isArray(steps) && steps.length > 0 && steps.every(isStep) ? { kind: 'steps', steps } : undefined
  },
}

export const catchUp: Reader<CatchUp> = {
  expected: 'burst, skip or { limited: FACTOR } with a factor above 1',
  read: (value) => {
    if (value === 'burst' || value === 'skip') return { kind: value }
    const factor = onlyEntry(value, 'limited')
    return typeof factor === 'number' && Number.isFinite(factor) && factor > 1 ? { kind: 'limited', factor } : undefined
  },
}

function isStep(value: unknown): value is { ratePerSecond: number; seconds: number } {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false
  return (
    'ratePerSecond' in value && 'seconds' in value && isAboveZero(value.ratePerSecond) && isAboveZero(value.seconds)
  )
}

function isAboveZero(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
