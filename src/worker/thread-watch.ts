import { performance } from 'node:perf_hooks'
import { nextCutUs, type PhaseTimes } from './phase-plan.ts'
import { SecondRing } from './second-ring.ts'
import { BusyTime, threadCpuUs } from './thread-cpu.ts'
import { startThreadMonitor } from './thread-monitor.ts'

/** What a worker hands in of its own thread. */
export interface ThreadRecord {
  /** Of the measured window. */
  readonly eventLoopDelayP99Ms: number | null
  readonly gcPauseMaxMs: number
  readonly busyPercent: number | null
  /** Rows for `threadSecondsOf`, from the common start to the end of the measurement. */
  readonly seconds: Float64Array
}

interface CpuReading {
  readonly cpuUs: number
  readonly atUs: number
}

/**
 * Watches the thread that it runs on, second by second (R8.5): one timer a second, a few numbers into a ring, nothing per
 * message and nothing posted. It cuts where the main thread does.
 */
export class ThreadWatch {
  readonly #nowUs: () => number
  readonly #monitor = startThreadMonitor()
  readonly #busy: BusyTime
  readonly #ring = new SecondRing()
  #phases: PhaseTimes | null = null
  #timer: NodeJS.Timeout | undefined
  #turn: NodeJS.Immediate | undefined
  /** The last instant of the plan that was cut at. */
  #lastCutUs = 0
  #measuring: 'not yet' | 'now' | 'over' = 'not yet'
  #utilization = performance.eventLoopUtilization()
  #cpu: CpuReading | null = null

  constructor(nowUs: () => number) {
    this.#nowUs = nowUs
    this.#busy = new BusyTime(nowUs)
  }

  start(phases: PhaseTimes): void {
    this.#phases = phases
    this.#lastCutUs = phases.startUs
    this.#monitor.reset()
    this.#begin()
    this.#wakeAt(phases.startUs)
  }

  stop(): ThreadRecord {
    clearTimeout(this.#timer)
    clearImmediate(this.#turn)
    const phases = this.#phases
    if (phases !== null && this.#nowUs() > this.#lastCutUs && this.#lastCutUs < phases.measureToUs)
      this.#cutAt(phases, Math.min(this.#nowUs(), phases.measureToUs))
    const { eventLoopDelayP99Ms, gcPauseMaxMs } = this.#monitor.stop()
    return { eventLoopDelayP99Ms, gcPauseMaxMs, busyPercent: this.#busy.percent, seconds: this.#ring.toRows() }
  }

  #wakeAt(atUs: number): void {
    if (atUs === Infinity) return
    // Rounded up: a timer that came too early would have to be set again.
    this.#timer = setTimeout(() => this.#wake(atUs), Math.max(0, Math.ceil((atUs - this.#nowUs()) / 1_000))).unref()
  }

  /**
   * What held the loop up until now is sampled in the timers of its next turn: a cut before that would lose it. So it waits
   * for the end of that turn.
   */
  #wake(dueUs: number): void {
    this.#turn = setImmediate(() => {
      this.#turn = setImmediate(() => this.#cut(dueUs))
    })
  }

  #cut(dueUs: number): void {
    const phases = this.#phases
    if (phases === null) return
    const nowUs = this.#nowUs()
    let atUs = dueUs
    // The thread stood still over further cuts: they are one.
    for (let next = nextCutUs(phases, atUs); next <= nowUs; next = nextCutUs(phases, next)) atUs = next
    if (nowUs >= dueUs) this.#cutAt(phases, atUs)
    this.#wakeAt(nowUs >= dueUs ? nextCutUs(phases, atUs) : dueUs)
  }

  #cutAt(phases: PhaseTimes, atUs: number): void {
    if (atUs > this.#lastCutUs) this.#record(phases, atUs)
    if (this.#measuring === 'not yet' && atUs >= phases.measureFromUs) {
      this.#measuring = 'now'
      this.#monitor.reset()
      this.#busy.begin()
    }
    if (this.#measuring === 'now' && atUs >= phases.measureToUs) {
      this.#measuring = 'over'
      this.#monitor.end()
      this.#busy.end()
    }
  }

  /** Writes down the stretch since the last cut. */
  #record({ startUs }: PhaseTimes, atUs: number): void {
    const [fromUs, utilization, cpu] = [this.#lastCutUs, this.#utilization, this.#cpu]
    this.#lastCutUs = atUs
    const reading = this.#monitor.cut()
    this.#begin()
    this.#ring.push({
      fromSeconds: Math.round(fromUs - startUs) / 1e6,
      toSeconds: Math.round(atUs - startUs) / 1e6,
      ...reading,
      eventLoopBusyPercent: performance.eventLoopUtilization(this.#utilization, utilization).utilization * 100,
      threadCpuPercent:
        cpu === null || this.#cpu === null || this.#cpu.atUs <= cpu.atUs
          ? null
          : ((this.#cpu.cpuUs - cpu.cpuUs) / (this.#cpu.atUs - cpu.atUs)) * 100,
    })
  }

  /** What the next stretch counts from. */
  #begin(): void {
    this.#utilization = performance.eventLoopUtilization()
    const cpuUs = threadCpuUs()
    this.#cpu = cpuUs === null ? null : { cpuUs, atUs: this.#nowUs() }
  }
}
