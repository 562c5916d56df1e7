import { MessageChannel } from 'node:worker_threads'
import type { Piscina } from 'piscina'
import type { Clock } from '../measure/clock.ts'
import { ClockOffset, type ClockProof } from '../measure/clock-offset.ts'
import type { ClockTask } from './clock-partner.ts'
import { allocatePingPong, awaitStep, pingPongMemory, takeStep } from './ping-pong.ts'

/** R2.2 asks for at least 1,000; the first ones only warm the code up. */
export const CLOCK_ROUNDS = 2_000

/**
 * Compares the clock of every thread of an idle pool with this thread's, one after the other, some 10 to 100 ms each;
 * this thread is blocked meanwhile.
 * @param pool every thread of it is free, and there are `threads` of them.
 * @param clock this thread's, counted from `epochNs`.
 * @returns one proof per thread. @throws Error when a thread does not answer.
 */
export async function proveClocks(
  pool: Piscina,
  threads: number,
  epochNs: bigint,
  clock: Clock,
): Promise<readonly ClockProof[]> {
  const partners = Array.from({ length: threads }, () => enlist(pool, epochNs))
  // A thread that is ready is blocked, so that each task is on a thread of its own.
  await Promise.all(partners.map(({ ready }) => ready))
  const proofs = partners.map(({ memory }) => ask(memory, clock))
  await Promise.all(partners.map(({ end }) => end))
  return proofs
}

interface Partner {
  readonly memory: SharedArrayBuffer
  /** Rejects when the thread dies. */
  readonly ready: Promise<unknown>
  readonly end: Promise<unknown>
}

function enlist(pool: Piscina, epochNs: bigint): Partner {
  const { port1, port2 } = new MessageChannel()
  const memory = allocatePingPong()
  const task: ClockTask = { epochNs, rounds: CLOCK_ROUNDS, memory, port: port2 }
  const filename = new URL('./clock-partner.js', import.meta.url).href
  const end = pool.run(task, { filename, transferList: [port2] }).finally(() => port1.close())
  const said = new Promise<void>((resolve) => port1.once('message', () => resolve()))
  return { memory, ready: Promise.race([said, end]), end }
}

function ask(memory: SharedArrayBuffer, clock: Clock): ClockProof {
  const shared = pingPongMemory(memory)
  const offset = new ClockOffset()
  for (let round = 0; round < CLOCK_ROUNDS; round++) {
    const askedUs = clock.nowUs()
    takeStep(shared, 2 * round + 1)
    if (!awaitStep(shared, 2 * round + 2)) throw new Error('a thread did not answer the clock proof')
    const returnedUs = clock.nowUs()
    offset.add(askedUs, shared.answeredUs[0] ?? Number.NaN, returnedUs)
  }
  return offset.proof()
}
