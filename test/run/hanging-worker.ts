/** A thread entry for worker-hung.test.ts: that of production, which hangs at the start of a cell that is to. */
import type { CellTask, ToWorker, WorkerEnd } from '../../src/worker/messages.ts'
import runTask from '../../src/worker/worker.ts'

/** Messages per producer of a cell that is to hang. */
export const HANGS_AT = 13

export default function runOrHang(task: CellTask): Promise<WorkerEnd> {
  if (task.messagesPerProducer !== HANGS_AT) return runTask(task)
  const { port } = task
  return new Promise(() => {
    port.on('message', (message: ToWorker) => {
      // Nobody ever wakes it.
      if (message.kind === 'start') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })
    port.postMessage({ kind: 'connected' })
  })
}
