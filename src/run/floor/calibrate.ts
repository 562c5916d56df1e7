/** Floors that are wished for: from the cache where it has them, else measured and put there. */
import { systemReason } from '../../result/system-reason.ts'
import { ThreadPool } from '../../worker/crew.ts'
import { readFloors, writeFloors } from './floor-cache.ts'
import { floorHost } from './floor-host.ts'
import { isOfFlow, pairName, type FloorRecord, type FloorWish } from './floor-record.ts'
import { OTHERS_PERCENT_MAX } from './other-programs.ts'
import { secondsOfWish } from './floor-time.ts'
import { measureFloors } from './measure-floor.ts'

/** What is about to be measured, and what is left. */
export interface CalibrationStep {
  readonly wish: FloorWish
  /** From 1. */
  readonly number: number
  readonly total: number
  /** About how long this and all that follows will take. */
  readonly secondsLeft: number
}

export interface CalibrationWish {
  readonly wishes: readonly FloorWish[]
  readonly cachePath: string
  /** Measure what the cache has, too. */
  readonly force: boolean
  readonly signal: AbortSignal
  /** Called before each measuring. */
  readonly onStep: (step: CalibrationStep) => void
  /** One sentence for each thing that went wrong and stops nothing. */
  readonly onWarning: (sentence: string) => void
}

export interface Calibration {
  /** In the order of the wishes; fewer where one failed or the user interrupted. */
  readonly floors: readonly FloorRecord[]
  /** False where the cache could not be written: what was measured now is measured again next time. */
  readonly isKept: boolean
}

/** @returns the floors that there are now: those of the cache, and what was measured because it has none. */
export async function calibrate(calibration: CalibrationWish): Promise<Calibration> {
  const { wishes, cachePath, force } = calibration
  const host = floorHost()
  const known = force ? [] : readFloors(cachePath, host)
  const missing = wishes
    .map((wish) => ({ ...wish, flows: wish.flows.filter((flow) => findRecord(known, wish, flow) === undefined) }))
    .filter(({ flows }) => flows.length > 0)
  const fresh = missing.length === 0 ? [] : await measureAll(missing, calibration, host)
  const isKept = keep(calibration, fresh)
  const floors = floorsOf(wishes, [...fresh, ...known])
  warnOfDisturbed(floors, calibration.onWarning)
  return { floors, isKept }
}

function floorsOf(wishes: readonly FloorWish[], records: readonly FloorRecord[]): readonly FloorRecord[] {
  return wishes.flatMap((wish) => wish.flows.flatMap((flow) => findRecord(records, wish, flow) ?? []))
}

/** Said at every use: a figure that is wrong must not look like any other. */
function warnOfDisturbed(floors: readonly FloorRecord[], onWarning: (sentence: string) => void): void {
  const worst = new Map<string, number>()
  for (const floor of floors) {
    const name = `${pairName(floor)} with ${floor.messageBytes} bytes`
    worst.set(name, Math.max(worst.get(name) ?? 0, floor.othersPercent ?? 0))
  }
  for (const [name, percent] of worst) {
    if (percent <= OTHERS_PERCENT_MAX) continue
    onWarning(
      `other programs took ${percent.toFixed(0)} % of this host while the floor of ${name} was measured: it is too high and ` +
        'its ceiling too low; calibrate again on a quiet host (brokermark calibrate --force)',
    )
  }
}

function findRecord(
  records: readonly FloorRecord[],
  { pair, messageBytes }: FloorWish,
  flow: FloorWish['flows'][number],
): FloorRecord | undefined {
  return records.find((record) => isOfFlow(record, pair, messageBytes, flow))
}

async function measureAll(
  missing: readonly FloorWish[],
  { signal, onStep, onWarning }: CalibrationWish,
  host: FloorRecord['host'],
): Promise<readonly FloorRecord[]> {
  const fresh: FloorRecord[] = []
  const threads = new ThreadPool(1)
  const isInterrupted = (): boolean => signal.aborted
  try {
    for (const [index, wish] of missing.entries()) {
      if (isInterrupted()) break
      const secondsLeft = missing.slice(index).reduce((sum, one) => sum + secondsOfWish(one), 0)
      onStep({ wish, number: index + 1, total: missing.length, secondsLeft })
      try {
        fresh.push(...(await measureFloors(wish, host, threads, signal)))
      } catch (error) {
        if (isInterrupted()) break
        // Whatever it is, it must not keep the user from measuring the broker.
        onWarning(`no floor for ${pairName(wish.pair)} with ${wish.messageBytes} bytes: ${systemReason(error)}`)
        await threads.renew()
      }
    }
  } finally {
    await threads.destroy()
  }
  return fresh
}

function keep({ cachePath, onWarning }: CalibrationWish, fresh: readonly FloorRecord[]): boolean {
  if (fresh.length === 0) return true
  try {
    writeFloors(cachePath, fresh)
    return true
  } catch (error) {
    onWarning(`the floor is not kept: ${systemReason(error)}`)
    return false
  }
}
