/** The memory and the turns of the clock proof: two threads, one number, each answers the other's step. */

/** Turns of a core before a thread lets the kernel put it to sleep: some 20 us, enough where both have a core. */
const SPINS = 2_000
/** A thread that does not answer for so long is dead. */
const ANSWER_DEADLINE_MS = 30_000

const STEP_BYTES = 8

/** The shared half: a step that both sides count up in turns, and the answering side's reading. */
export interface PingPongMemory {
  readonly step: Int32Array
  readonly answeredUs: Float64Array
}

export function allocatePingPong(): SharedArrayBuffer {
  return new SharedArrayBuffer(STEP_BYTES + Float64Array.BYTES_PER_ELEMENT)
}

export function pingPongMemory(memory: SharedArrayBuffer): PingPongMemory {
  return { step: new Int32Array(memory, 0, 1), answeredUs: new Float64Array(memory, STEP_BYTES, 1) }
}

/** Makes the step `value` and wakes the other side. */
export function takeStep({ step }: PingPongMemory, value: number): void {
  Atomics.store(step, 0, value)
  Atomics.notify(step, 0)
}

/**
 * Blocks this thread until the step is `value`.
 * @param deadlineMs default 30 s. @returns false when the other side did not answer in time.
 */
export function awaitStep({ step }: PingPongMemory, value: number, deadlineMs = ANSWER_DEADLINE_MS): boolean {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(step, 0) === value) return true
  for (;;) {
    const now = Atomics.load(step, 0)
    if (now === value) return true
    if (Atomics.wait(step, 0, now, deadlineMs) === 'timed-out') return false
  }
}
