/** Floors of several pairs: from the cache where it has them, else measured and put there. */
import { systemReason } from '../../result/system-reason.ts'
import { ThreadPool } from '../../worker/crew.ts'
import { readFloors, writeFloors } from './floor-cache.ts'
import { floorHost } from './floor-host.ts'
import { isOfPair, pairName, type FloorPair, type FloorRecord } from './floor-record.ts'
import { measureFloor } from './measure-floor.ts'

export interface CalibrationWish {
  readonly pairs: readonly FloorPair[]
  readonly cachePath: string
  /** Measure what the cache has, too. */
  readonly force: boolean
  readonly signal: AbortSignal
  /** Called before a pair is measured. */
  readonly onPair: (pair: FloorPair) => void
  /** One sentence for each thing that went wrong and stops nothing. */
  readonly onWarning: (sentence: string) => void
}

/** @returns the floors that there are now, in the order of `pairs`; fewer where one failed or the user interrupted. */
export async function calibrate(wish: CalibrationWish): Promise<readonly FloorRecord[]> {
  const host = floorHost()
  const known = wish.force ? [] : readFloors(wish.cachePath, host)
  const missing = wish.pairs.filter((pair) => !known.some((record) => isOfPair(record, pair)))
  const fresh: FloorRecord[] = []
  if (missing.length > 0) {
    const threads = new ThreadPool(1)
    try {
      for (const pair of missing) {
        if (wish.signal.aborted) break
        wish.onPair(pair)
        try {
          fresh.push(await measureFloor(pair, host, threads, wish.signal))
        } catch (error) {
          // Whatever it is, it must not keep the user from measuring the broker.
          wish.onWarning(`no floor for ${pairName(pair)}: ${systemReason(error)}`)
          await threads.renew()
        }
      }
    } finally {
      await threads.destroy()
    }
    keep(wish, fresh)
  }
  return wish.pairs.flatMap((pair) => [...fresh, ...known].find((record) => isOfPair(record, pair)) ?? [])
}

function keep({ cachePath, onWarning }: CalibrationWish, fresh: readonly FloorRecord[]): void {
  if (fresh.length === 0) return
  try {
    writeFloors(cachePath, fresh)
  } catch (error) {
    onWarning(`the floor is not kept: ${systemReason(error)}`)
  }
}
