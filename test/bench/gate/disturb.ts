/** What is done to the generator, or beside it, while it runs. Only processes that were started here are touched. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Disturbance } from './gate-case.ts'

/** However a case ends, its neighbours are gone after this. */
const NEIGHBOUR_LIFE_MS = 120_000

/** @returns what ends it; it leaves nothing stopped and nothing running. */
export function disturb(generator: ChildProcess, disturbance: Disturbance): () => Promise<void> {
  switch (disturbance.kind) {
    case 'freeze':
      return freeze(generator, disturbance)
    case 'neighbours':
      return crowd(disturbance)
    case 'interrupt':
      return later(disturbance.afterMs, () => generator.kill('SIGINT'))
    case 'kill-client':
      return later(disturbance.afterMs, () => {
        const [client] = childrenOf(generator)
        if (client !== undefined) process.kill(client, 'SIGKILL')
      })
  }
}

function freeze(
  generator: ChildProcess,
  { forMs, everyMs, fromMs }: Disturbance & { kind: 'freeze' },
): () => Promise<void> {
  const over = new AbortController()
  const { signal } = over
  const work = async (): Promise<void> => {
    await delay(fromMs, undefined, { signal })
    for (;;) {
      generator.kill('SIGSTOP')
      await delay(forMs)
      generator.kill('SIGCONT')
      await delay(everyMs - forMs, undefined, { signal })
    }
  }
  const working = work().catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
  return async () => {
    over.abort()
    await working
  }
}

function crowd({ processes, fromMs }: Disturbance & { kind: 'neighbours' }): () => Promise<void> {
  const script = `const end = Date.now() + ${NEIGHBOUR_LIFE_MS}; while (Date.now() < end);`
  const neighbours: ChildProcess[] = []
  const cancel = later(fromMs, () => {
    for (let count = 0; count < processes; count++)
      neighbours.push(spawn(process.execPath, ['-e', script], { stdio: 'ignore' }))
  })
  return async () => {
    await cancel()
    await Promise.all(
      neighbours.map(async (neighbour) => {
        if (neighbour.exitCode !== null) return
        const gone = once(neighbour, 'exit')
        neighbour.kill('SIGKILL')
        await gone
      }),
    )
  }
}

function later(ms: number, run: () => void): () => Promise<void> {
  const timer = setTimeout(run, ms)
  return () => {
    clearTimeout(timer)
    return Promise.resolve()
  }
}

/** Processes that it has started itself; none where it has ended. */
function childrenOf({ pid }: ChildProcess): readonly number[] {
  const path = `/proc/${pid ?? 0}/task/${pid ?? 0}/children`
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number) : []
}
