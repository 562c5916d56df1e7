import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { describe, test } from 'node:test'
import { threadSecondsOf, type ThreadSecond } from '../../src/worker/second-ring.ts'
import { ThreadWatch } from '../../src/worker/thread-watch.ts'

/** Time passes so many times faster for the watch than it does, so that its second lasts 200 ms. */
const FASTER = 5

/** Something that held the thread up, seconds since the common start. */
interface Block {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** How long a machine may hold this thread up again and again before the tests give up. */
const DEADLINE_MS = 120_000

interface Watched {
  readonly seconds: readonly ThreadSecond[]
  readonly blocks: readonly Block[]
  readonly busyPercent: number | null
}

/** Watches this thread for `measured` of its fast seconds, `warmup` before them; blocks it for so long in each of them. */
async function watched(warmup: number, measured: number, blockMs: (second: number) => number): Promise<Watched> {
  const nowUs = () => performance.now() * 1_000 * FASTER
  const watch = new ThreadWatch(nowUs)
  const startUs = nowUs() + 100_000
  const phases = { startUs, measureFromUs: startUs + warmup * 1e6, measureToUs: startUs + (warmup + measured) * 1e6 }
  const blocks: Block[] = []
  watch.start(phases)
  for (let second = 0; second < warmup + measured; second++) {
    while (nowUs() < startUs + (second + 0.3) * 1e6) await sleep(1)
    // A busy machine wakes the loop late: the monitor is to see that before the block, and not as part of it.
    for (let turn = 0; turn < 3; turn++) await setImmediate()
    const fromUs = nowUs()
    while (nowUs() < fromUs + blockMs(second) * 1_000 * FASTER);
    blocks.push({ fromSeconds: (fromUs - startUs) / 1e6, toSeconds: (nowUs() - startUs) / 1e6 })
  }
  while (nowUs() < phases.measureToUs + 0.5e6) await sleep(1)
  const { seconds, busyPercent } = watch.stop()
  return { seconds: threadSecondsOf(seconds), blocks, busyPercent }
}

/** By how much the watch shows each block longer than it was, milliseconds; those that lay in a second of their own. */
function shownTooLong({ seconds, blocks }: Watched): number[] {
  return blocks.flatMap(({ fromSeconds, toSeconds }) => {
    const second = seconds.find((one) => one.fromSeconds <= fromSeconds && one.toSeconds >= toSeconds)
    const shownMs = second?.eventLoopDelayMaxMs
    return shownMs === undefined || shownMs === null ? [] : [shownMs - ((toSeconds - fromSeconds) * 1_000) / FASTER]
  })
}

/**
 * Watches until the machine has let the thread do what was asked of it: one that holds it up for long moves blocks to other
 * seconds, or over the end.
 */
async function undisturbed(watch: () => Promise<Watched>, isSo: (seen: Watched) => boolean): Promise<Watched> {
  const deadlineMs = performance.now() + DEADLINE_MS
  for (;;) {
    const seen = await watch()
    if (isSo(seen) || performance.now() > deadlineMs) return seen
  }
}

/** The first block began in its second and was over before the end of the plan. */
function isInPlace({ blocks: [first] }: Watched, endSeconds: number): boolean {
  return first !== undefined && first.fromSeconds < 1 && first.toSeconds < endSeconds
}

describe('R8.5: the watch of a thread', () => {
  test('R8.5 shows an injected block of 30 ms as 29 to 33 ms, in the second that it was in', async () => {
    const isRightAt = (differenceMs: number): boolean => differenceMs >= -1 && differenceMs <= 3
    const seen = await undisturbed(
      () => watched(0, 10, () => 30),
      (one) => shownTooLong(one).some(isRightAt),
    )
    const differences = shownTooLong(seen)
    // A machine with other work holds the thread up for longer, before, in or after the block: the closest counts.
    assert.ok(differences.some(isRightAt), differences.map((one) => one.toFixed(2)).join(' '))
  })

  test('cuts at whole seconds since the common start and at the end of the warm-up, without a gap', async () => {
    const { seconds } = await watched(1.5, 2, () => 0)
    assert.equal(seconds[0]?.fromSeconds, 0)
    seconds.slice(1).forEach(({ fromSeconds }, place) => assert.equal(fromSeconds, seconds[place]?.toSeconds))
    const ends = seconds.map(({ toSeconds }) => toSeconds)
    assert.equal(ends.at(-1), 3.5)
    assert.ok(
      ends.every((end) => [1, 1.5, 2, 3, 3.5].includes(end)),
      ends.join(' '),
    )
  })

  test('takes a thread that stood still over several cuts for one long second', async () => {
    const { seconds, blocks } = await undisturbed(
      () => watched(0, 5, (second) => (second === 0 ? 550 : 0)),
      (one) => isInPlace(one, 5),
    )
    const [block = assert.fail()] = blocks
    const long = seconds.find(({ toSeconds }) => toSeconds >= Math.floor(block.toSeconds)) ?? assert.fail()
    assert.ok(long.fromSeconds <= block.fromSeconds && long.toSeconds - long.fromSeconds >= 2, JSON.stringify(seconds))
    assert.ok((long.eventLoopDelayMaxMs ?? 0) > 500, JSON.stringify(seconds))
    assert.ok((long.eventLoopBusyPercent ?? 0) > 60, String(long.eventLoopBusyPercent))
  })

  const skip = !existsSync('/proc/thread-self/schedstat') && 'no schedstat here'
  test('tells the CPU of the thread by the second and over the measured window', { skip }, async () => {
    const { seconds, busyPercent } = await undisturbed(
      () => watched(1, 3, () => 100),
      (one) => isInPlace(one, 1) && one.busyPercent !== null,
    )
    for (const { threadCpuPercent } of seconds) assert.ok(threadCpuPercent !== null && threadCpuPercent > 0)
    assert.ok(busyPercent !== null)
  })
})
