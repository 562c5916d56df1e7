import { fork, type ChildProcess } from 'node:child_process'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/** Longer than everything that a worker limits by itself: only a process that hangs reaches it. */
const ANSWER_TIMEOUT_MS = 120_000

/** A measured process, seen from the benchmark. It ends with it, however that ends. */
export class WorkerProcess {
  readonly #child: ChildProcess

  constructor() {
    this.#child = fork(new URL('./worker.js', import.meta.url), [], { execArgv: [] })
  }

  /** One order at a time. A process that has ended or hangs answers `failed`, and is gone afterwards. */
  ask(order: ToWorker): Promise<FromWorker> {
    return new Promise((resolve) => {
      const settle = (answer: FromWorker): void => {
        clearTimeout(timer)
        this.#child.off('message', onMessage)
        this.#child.off('exit', onExit)
        resolve(answer)
      }
      const onMessage = (answer: unknown): void => settle(answer as FromWorker)
      const onExit = (): void => settle({ kind: 'failed', text: 'its process has ended' })
      const timer = setTimeout(() => {
        this.end()
        settle({ kind: 'failed', text: 'its process does not answer' })
      }, ANSWER_TIMEOUT_MS)
      this.#child.on('message', onMessage)
      this.#child.on('exit', onExit)
      if (this.#child.connected) this.#child.send(order)
      else onExit()
    })
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}
