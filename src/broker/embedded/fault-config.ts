/**
 * The switches of the deterministic stub, as the user writes them in a target's query
 * (`embedded:?stallMs=500&stallEveryMs=5000`), and the checked form that the fault model works with. Pure.
 */
import { UsageError } from '../../workload/problem.ts'
import type { Problem } from '../../workload/problem.ts'

/** Everything the stub does wrong on purpose; `null` = does not. Counts are from 1, times are as their names say. */
export interface FaultConfig {
  /** Serves nothing for `stallMs` in every `stallEveryMs`, for the first time half-way into the first period. */
  readonly stall: PeriodicFault | null
  /** Reads nothing from publishers, by the same rule. */
  readonly stopReading: PeriodicFault | null
  /** At most so many messages served per second; a message that finds the stub idle is served at once. */
  readonly capacityPerSecond: number | null
  /** One server that works on each message for this long (the mean, where `service` is exponential). */
  readonly serviceMicros: number | null
  readonly service: 'fixed' | 'exponential'
  /** Of the exponential service times; a whole number, default 1. */
  readonly seed: number
  /** Every k-th message of its queue is confirmed and then lost. Wins over all that follow. */
  readonly dropEvery: number | null
  /** Every k-th message of its queue is delivered twice, one copy right behind the other. */
  readonly duplicateEvery: number | null
  /** Every k-th message of its queue is overtaken by the `reorderBy` messages that follow it (default 50). */
  readonly reorderEvery: number | null
  readonly reorderBy: number
  /** The first so many messages of all are confirmed and kept back; for `holdBackMs`, or for good where that is null. */
  readonly holdBack: number
  readonly holdBackMs: number | null
  /** The connection that brings this message (of all, counted from 1) is cut, and the message is not answered. Once. */
  readonly cutAfterMessages: number | null
  /** One byte of every k-th message of its queue is changed. */
  readonly corruptEvery: number | null
  /** Every k-th message of its queue is neither stored nor ever answered. Wins over `dropEvery`. */
  readonly loseUnconfirmed: number | null
}

export interface PeriodicFault {
  readonly durationMs: number
  readonly everyMs: number
}

/** Names of all switches of the fault model, in the order of the documentation. */
export const FAULT_SWITCHES = [
  'stallMs',
  'stallEveryMs',
  'stopReadingMs',
  'stopReadingEveryMs',
  'capacityPerSecond',
  'serviceMicros',
  'service',
  'seed',
  'dropEvery',
  'duplicateEvery',
  'reorderEvery',
  'reorderBy',
  'holdBack',
  'holdBackMs',
  'cutAfterMessages',
  'corruptEvery',
  'loseUnconfirmed',
] as const

/**
 * @param switches as in the query; keys that are not in FAULT_SWITCHES are refused.
 * @throws UsageError with every problem at once, the switch's name as path.
 */
export function parseFaultConfig(switches: Readonly<Record<string, string>>): FaultConfig {
  const problems: Problem[] = unknownSwitches(switches, FAULT_SWITCHES)
  const config = readFaultConfig(switches, problems)
  if (problems.length > 0) throw new UsageError(problems)
  return config
}

/** One problem for each key that is not among `known`. */
export function unknownSwitches(switches: Readonly<Record<string, string>>, known: readonly string[]): Problem[] {
  return Object.keys(switches)
    .filter((name) => !known.includes(name))
    .map((name) => ({ path: name, text: `the embedded broker has no such switch; it has ${known.join(', ')}` }))
}

/** As `parseFaultConfig`, but adds what is wrong to `problems` and takes no notice of keys that it does not know. */
export function readFaultConfig(switches: Readonly<Record<string, string>>, problems: Problem[]): FaultConfig {
  const whole = (name: string): number | null =>
    numberOf(switches, name, 'a whole number of 1 or more', problems, isCount)
  const positive = (name: string): number | null =>
    numberOf(switches, name, 'a number above 0', problems, (value) => value > 0)
  const reorderEvery = whole('reorderEvery')
  const holdBack = whole('holdBack')
  requires(switches, 'reorderBy', 'reorderEvery', problems)
  requires(switches, 'holdBackMs', 'holdBack', problems)
  requires(switches, 'service', 'serviceMicros', problems)
  requires(switches, 'seed', 'service', problems)
  return {
    stall: periodicOf(switches, 'stallMs', 'stallEveryMs', problems),
    stopReading: periodicOf(switches, 'stopReadingMs', 'stopReadingEveryMs', problems),
    capacityPerSecond: positive('capacityPerSecond'),
    serviceMicros: positive('serviceMicros'),
    service: serviceOf(switches, problems),
    seed: numberOf(switches, 'seed', 'a whole number of 0 or more', problems, isSeed) ?? 1,
    dropEvery: whole('dropEvery'),
    duplicateEvery: whole('duplicateEvery'),
    reorderEvery,
    reorderBy: whole('reorderBy') ?? 50,
    holdBack: holdBack ?? 0,
    holdBackMs: positive('holdBackMs'),
    cutAfterMessages: whole('cutAfterMessages'),
    corruptEvery: whole('corruptEvery'),
    loseUnconfirmed: whole('loseUnconfirmed'),
  }
}

function numberOf(
  switches: Readonly<Record<string, string>>,
  name: string,
  expected: string,
  problems: Problem[],
  isValid: (value: number) => boolean,
): number | null {
  const text = switches[name]
  if (text === undefined) return null
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (isValid(value)) return value
  problems.push({ path: name, text: `"${text}" is not ${expected}` })
  return null
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1
}

function isSeed(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function serviceOf(switches: Readonly<Record<string, string>>, problems: Problem[]): 'fixed' | 'exponential' {
  const text = switches['service'] ?? 'fixed'
  if (text === 'fixed' || text === 'exponential') return text
  problems.push({ path: 'service', text: `"${text}" is neither fixed nor exponential` })
  return 'fixed'
}

function periodicOf(
  switches: Readonly<Record<string, string>>,
  durationName: string,
  everyName: string,
  problems: Problem[],
): PeriodicFault | null {
  const expected = 'a number above 0'
  const durationMs = numberOf(switches, durationName, expected, problems, (value) => value > 0)
  const everyMs = numberOf(switches, everyName, expected, problems, (value) => value > 0)
  requires(switches, durationName, everyName, problems)
  requires(switches, everyName, durationName, problems)
  if (durationMs === null || everyMs === null) return null
  if (durationMs >= everyMs) {
    problems.push({ path: durationName, text: `${durationMs} is not below ${everyName} (${everyMs})` })
    return null
  }
  return { durationMs, everyMs }
}

function requires(switches: Readonly<Record<string, string>>, name: string, needed: string, problems: Problem[]): void {
  if (name in switches && !(needed in switches)) problems.push({ path: name, text: `says nothing without ${needed}` })
}
