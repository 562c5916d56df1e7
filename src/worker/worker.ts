/**
 * Thread entry: one task per thread per cell, from connect to close (Piscina calls the default export). Everything but
 * the start data comes and goes through the task's own port, because Piscina's signal would kill the thread.
 */
import { toDriverError, type DriverError } from '../driver/driver-error.ts'
import type { Driver } from '../driver/driver.ts'
import { loadDriver } from '../driver/registry.ts'
import { clockSince } from '../measure/clock.ts'
import { peakRateOf } from '../pacing/schedule-of.ts'
import { pacerModeFor, realTiming } from '../pacing/pacer.ts'
import { CellLoad } from './cell-load.ts'
import type { CellTask, FromWorker, SeamFailure, TaskEnd, ToWorker, WorkerEnd } from './messages.ts'
import { ThreadWatch } from './thread-watch.ts'

/** A broker that does not answer the close of its connections is not waited for any longer. */
const CLOSE_DEADLINE_MS = 5_000

export default async function runTask(task: CellTask): Promise<WorkerEnd> {
  const { port } = task
  const post = (message: FromWorker) => port.postMessage(message)
  const clock = clockSince(task.epochNs)
  const nowUs = () => clock.nowUs()
  let lostSaid = false
  const onConnectionLost = (cause: DriverError) => {
    if (lostSaid) return
    lostSaid = true
    post({ kind: 'connection-lost', failure: failureOf(cause) })
  }
  const watch = new ThreadWatch(nowUs)
  const mode = task.pacerMode ?? pacerModeFor(workerRate(task))
  const drivers = { producer: await driverOf(task.producerEnd), consumer: await driverOf(task.consumerEnd) }
  const load = new CellLoad(task, drivers, realTiming(nowUs, mode), onConnectionLost)
  const ending = new AbortController()
  const closed = new Promise<void>((resolve) => {
    ending.signal.addEventListener('abort', () => resolve())
    port.on('message', (message: ToWorker) => {
      if (message.kind === 'close') ending.abort()
      else if (message.kind === 'send-ledger') post({ kind: 'ledger', ledger: load.ledger() })
      else if (message.kind === 'stop') load.stop()
      else {
        watch.start(message.phases)
        load.start(message.phases)
      }
    })
    port.on('close', () => ending.abort())
  })
  try {
    await load.connect(ending.signal)
    post({ kind: 'connected' })
  } catch (error) {
    post({ kind: 'connect-failed', failure: failureOf(toDriverError(error, 'connecting')) })
  }
  await closed
  const publisherWrites = load.publisherWrites()
  const record = watch.stop()
  const busyPercent = task.load.model === 'open' && mode === 'spin' ? null : record.busyPercent
  const end = { ...record, publisherWrites, busyPercent }
  await within(load.close(), CLOSE_DEADLINE_MS)
  port.close()
  return end
}

function driverOf({ endpoint, client }: TaskEnd): Promise<Driver> {
  return loadDriver(endpoint.protocol, client)
}

/** Messages per second that this worker has to send on time; a closed model has no schedule to be late for. */
function workerRate(task: CellTask): number {
  if (task.load.model === 'closed') return 1
  return (peakRateOf(task.load) * Math.max(1, task.share.producers.length)) / Math.max(1, task.producersTotal)
}

function failureOf(error: DriverError): SeamFailure {
  return { code: error.code, message: error.message }
}

async function within(work: Promise<void>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs)
  })
  await Promise.race([work, deadline])
  clearTimeout(timer)
}
