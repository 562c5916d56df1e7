/**
 * Thread entry of the clock proof (Piscina calls the default export): answers each round with a reading of the clock that
 * this thread's cells are measured with. Blocks the thread, which has no sockets yet.
 */
import type { MessagePort } from 'node:worker_threads'
import { clockSince } from '../measure/clock.ts'
import { awaitStep, pingPongMemory, takeStep } from './ping-pong.ts'

export interface ClockTask {
  readonly epochNs: bigint
  readonly rounds: number
  readonly memory: SharedArrayBuffer
  /** One message, whatever it is, says that this thread waits for the first round. */
  readonly port: MessagePort
}

/** @returns whether every round was asked for in time. */
export default function answerRounds({ epochNs, rounds, memory, port }: ClockTask): boolean {
  const clock = clockSince(epochNs)
  const shared = pingPongMemory(memory)
  port.postMessage('ready')
  for (let round = 0; round < rounds; round++) {
    // The other threads' turns come before the first round, and on a busy host each takes seconds.
    if (!awaitStep(shared, 2 * round + 1, round === 0 ? Infinity : undefined)) return false
    shared.answeredUs[0] = clock.nowUs()
    takeStep(shared, 2 * round + 2)
  }
  return true
}
