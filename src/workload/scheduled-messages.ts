/** How many messages the schedule of an open model holds, and how long it takes for so many. Pure. */
import type { Cell } from './cell.ts'
import type { Load, OpenLoad, PhasePlan } from './workload.ts'

/** Those on their way when the measurement ends are not counted in it: it lasts this much longer, seconds. */
const ON_THEIR_WAY_SECONDS = 1

/** Messages that come due within the measured time; null where the broker sets the rate, or a file that is not read yet. */
export function scheduledMessages({ load, phases }: Pick<Cell, 'load' | 'phases'>): number | null {
  if (load.model === 'closed') return null
  const seconds = phases.measureSeconds
  switch (load.arrivals.kind) {
    case 'constant':
    case 'poisson':
      return load.ratePerSecond * seconds
    case 'ramp':
      return ((load.ratePerSecond + load.arrivals.toPerSecond) / 2) * seconds
    case 'steps':
      return messagesOfSteps(load.arrivals.steps, seconds)
    case 'trace':
      return null
  }
}

/** The phases of one cell: its measurement made as long as `measureMessagesMin` needs. @param load with its rate in total. */
export function phasesOfLoad(phases: PhasePlan, load: Load): PhasePlan {
  const { measureMessagesMin, measureSeconds } = phases
  const needed = measureMessagesMin === null || load.model === 'closed' ? null : secondsOf(load, measureMessagesMin)
  if (needed === null) return phases
  return { ...phases, measureSeconds: Math.max(measureSeconds, Math.ceil(needed + ON_THEIR_WAY_SECONDS)) }
}

/** Seconds until so many messages have come due; null for a trace, whose rate is not known before it is read. */
function secondsOf({ arrivals, ratePerSecond }: OpenLoad, messages: number): number | null {
  switch (arrivals.kind) {
    case 'constant':
    case 'poisson':
      return messages / ratePerSecond
    case 'ramp':
      // It is stretched over the measured time, so that its mean rate stays.
      return messages / ((ratePerSecond + arrivals.toPerSecond) / 2)
    case 'steps':
      return secondsOfSteps(arrivals.steps, messages)
    case 'trace':
      return null
  }
}

type Steps = readonly { readonly ratePerSecond: number; readonly seconds: number }[]

/** The last step stays. */
function messagesOfSteps(steps: Steps, seconds: number): number {
  let messages = 0
  let left = seconds
  for (const [index, step] of steps.entries()) {
    const lasting = index === steps.length - 1 ? left : Math.min(left, step.seconds)
    messages += step.ratePerSecond * lasting
    left -= lasting
  }
  return messages
}

function secondsOfSteps(steps: Steps, messages: number): number | null {
  let seconds = 0
  let left = messages
  for (const [index, step] of steps.entries()) {
    const whole = step.ratePerSecond * step.seconds
    if (index === steps.length - 1 || whole >= left) return seconds + left / step.ratePerSecond
    seconds += step.seconds
    left -= whole
  }
  return null
}
