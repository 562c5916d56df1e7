/** Which processes a process has started, as Linux shows them. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { allPids, descendantsOf } from '../../src/probe/process-tree.ts'
import { readProcessStat } from '../../src/probe/proc-stat.ts'

/** Only a bound for failure. A client process may take its whole drain to end. */
const DEADLINE_MS = 120_000

/** Pids of the living descendants of `pid` whose command line holds `word`. */
export function childrenWith(word: string, pid = process.pid): number[] {
  const processes = allPids().flatMap((one) => readProcessStat(one) ?? [])
  return descendantsOf([pid], processes)
    .filter((one) => one.pid !== pid && one.state !== 'Z' && commandLineOf(one.pid).includes(word))
    .map((one) => one.pid)
}

/** Resolves when none of these processes lives any more. @throws Error when one still does after two minutes. */
export async function allGone(pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  for (;;) {
    const living = pids.filter((pid) => (readProcessStat(pid)?.state ?? 'Z') !== 'Z')
    if (living.length === 0) return
    if (Date.now() > deadline) throw new Error(`still running: ${living.map(commandLineOf).join('; ')}`)
    await sleep(20)
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
