/** Rates over time as the times of their messages, each in closed form (see `OffsetUs`). All start at 0. */
import type { OffsetUs } from './schedule.ts'

/** A constant rate, which needs not be whole: 3,333.3/s for 60 s is 199,998 messages. */
export function constantRate(ratePerSecond: number): OffsetUs {
  // Divided once, at the end: where a message is due at a whole microsecond, as the first of a second is at a whole rate, it
  // is due at exactly that, and counts in the phase that begins there.
  return (message) => (message * 1e6) / ratePerSecond
}

/**
 * A rate that changes evenly from one to another and then stays: after t seconds `from t + (to - from) t^2 / 2 over`
 * messages have left, solved for t.
 */
export function ramp(fromPerSecond: number, toPerSecond: number, overSeconds: number): OffsetUs {
  const slope = (toPerSecond - fromPerSecond) / overSeconds
  if (slope === 0) return constantRate(fromPerSecond)
  const onTheWay = ((fromPerSecond + toPerSecond) / 2) * overSeconds
  // The square of the rate at a message; rounding can take that of the last one below zero where the ramp ends near zero.
  const leastSquare = Math.min(fromPerSecond, toPerSecond) ** 2
  const rateAt = (message: number): number => Math.sqrt(Math.max(leastSquare, fromPerSecond ** 2 + 2 * slope * message))
  return (message) =>
    message < onTheWay
      ? // The other form of the solution, without the difference of two large numbers.
        ((2 * message) / (fromPerSecond + rateAt(message))) * 1e6
      : (overSeconds + (message - onTheWay) / toPerSecond) * 1e6
}

/** One stretch of constant rate. */
export interface Step {
  readonly ratePerSecond: number
  readonly seconds: number
}

/** Constant rates one after another; the last one stays. */
export function steps(stretches: readonly Step[]): OffsetUs {
  const begins: { readonly message: number; readonly atUs: number; readonly ratePerSecond: number }[] = []
  let message = 0
  let atUs = 0
  for (const { ratePerSecond, seconds } of stretches) {
    begins.push({ message, atUs, ratePerSecond })
    // Messages are whole: the first of the next stretch leaves where it begins.
    message += messagesWithin(ratePerSecond, seconds)
    atUs += seconds * 1e6
  }
  return (asked) => {
    let stretch = begins.length - 1
    while (stretch > 0 && asked < (begins[stretch]?.message ?? 0)) stretch--
    const begin = begins[stretch]
    return begin === undefined ? Infinity : begin.atUs + ((asked - begin.message) * 1e6) / begin.ratePerSecond
  }
}

/** The times of a trace, as they were read. @param timesUs not decreasing. */
export function trace(timesUs: Float64Array): OffsetUs {
  return (message) => timesUs[message] ?? Infinity
}

/** A constant rate first, for the warm-up, and then another curve from its beginning. */
export function after(warmupSeconds: number, warmupRatePerSecond: number, then: OffsetUs): OffsetUs {
  const warmup = constantRate(warmupRatePerSecond)
  const messages = messagesWithin(warmupRatePerSecond, warmupSeconds)
  // Whole, as the ends of phases are: the curve begins where the measurement does.
  const warmupUs = Math.round(warmupSeconds * 1e6)
  return (message) => (message < messages ? warmup(message) : warmupUs + then(message - messages))
}

/** Messages at a constant rate that are due before `seconds` have passed; what rounding adds to a whole number is none. */
function messagesWithin(ratePerSecond: number, seconds: number): number {
  const messages = ratePerSecond * seconds
  return Math.ceil(messages - Math.max(1e-9, messages * 2 * Number.EPSILON))
}
