/**
 * The only reader of time in a measurement. Monotonic, in microseconds since the run's epoch, which is exchanged as a
 * BigInt: `Number(hrtime)` would lose nanoseconds after 104 days of uptime, and `timeOrigin + now()` is wall time
 * frozen at process start (method.md section 2). `performance.now()` is read in the hot path because it costs 80 ns
 * where `hrtime.bigint()` costs 130.
 */
export interface Clock {
  /** Microseconds since the run's epoch, with a fraction. */
  nowUs(): number
}

/** A fresh epoch: now, in nanoseconds of `CLOCK_MONOTONIC`, the same clock for all threads and processes of a boot. */
export function newEpochNs(): bigint {
  return process.hrtime.bigint()
}

/** A clock of this thread that counts from `epochNs`. */
export function clockSince(epochNs: bigint): Clock {
  const offsetMs = originOffsetMs(epochNs)
  return { nowUs: () => (performance.now() - offsetMs) * 1000 }
}

/** Where the epoch lies on this thread's `performance.now()`: the tightest of several readings, lest a pause slip in. */
function originOffsetMs(epochNs: bigint): number {
  let best = { spreadMs: Number.POSITIVE_INFINITY, offsetMs: 0 }
  for (let attempt = 0; attempt < 50; attempt++) {
    const before = performance.now()
    const sinceEpochMs = Number(process.hrtime.bigint() - epochNs) / 1e6
    const after = performance.now()
    if (after - before < best.spreadMs)
      best = { spreadMs: after - before, offsetMs: (before + after) / 2 - sinceEpochMs }
  }
  return best.offsetMs
}
