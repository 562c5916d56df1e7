import { brokermarkRun } from '../support/brokermark-run.ts'
import { residentSlope, type ProcessSample } from '../support/process-samples.ts'

/** From here on, connections are open and everything that happens has happened once. */
const SETTLED_SECONDS = 30
const SAMPLE_EVERY_MS = 1_000
const WARMUP_SECONDS = 5

export interface SoakLoad {
  readonly pairs: number
  /** Over all producers. */
  readonly messagesPerSecond: number
  readonly messageBytes: number
  readonly minutes: number
}

/** Resident set in bytes, and what else tells whether the run was a good one. */
export interface SoakFigures {
  readonly minutes: number
  readonly settledBytes: number
  readonly endBytes: number
  readonly maxBytes: number
  /** Least squares from the thirtieth second to the end of the load. */
  readonly bytesPerMinute: number
  readonly deliveredPerSecond: number
  readonly lost: number
  /** Its kind, with the codes of its reasons where it is not `valid`. */
  readonly verdict: string
}

/** @param target one protocol of a running broker. @throws Error with the program's last words when it fails */
export async function soak(target: string, load: SoakLoad): Promise<SoakFigures> {
  const crew = String(load.pairs)
  const measureSeconds = load.minutes * 60
  const args = [
    ...['-x', crew, '-y', crew, '-r', String(load.messagesPerSecond), '-s', String(load.messageBytes), '-c', '1000'],
    ...['-z', String(measureSeconds), '--set', `phases.warmupSeconds=${WARMUP_SECONDS}`],
  ]
  const { cell, samples } = await brokermarkRun(target, args, SAMPLE_EVERY_MS)
  const startMs = samples[0]?.atMs ?? 0
  const endMs = Date.parse(cell.startedAt ?? '') + (WARMUP_SECONDS + measureSeconds) * 1000
  const underLoad = samples.filter(({ atMs }) => atMs <= endMs)
  const settled = underLoad.filter(({ atMs }) => atMs >= startMs + SETTLED_SECONDS * 1000)
  return {
    minutes: load.minutes,
    settledBytes: residentAt(settled, 0),
    endBytes: residentAt(settled, -1),
    maxBytes: Math.max(...samples.map(({ residentBytes }) => residentBytes)),
    bytesPerMinute: residentSlope(settled),
    deliveredPerSecond: cell.throughput?.deliveredPerSecond ?? 0,
    lost: cell.integrity?.lost ?? Number.NaN,
    verdict: [cell.verdict.kind, ...cell.verdict.reasons.map(({ code }) => code)].join(' '),
  }
}

function residentAt(samples: readonly ProcessSample[], index: number): number {
  return samples.at(index)?.residentBytes ?? Number.NaN
}
