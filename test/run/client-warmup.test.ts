import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareOut } from '../../src/pacing/share.ts'
import { ClientWarmup, warmupCell } from '../../src/run/client-warmup.ts'
import type { RepetitionReport } from '../../src/run/repetition.ts'
import { openTarget } from '../../src/run/target-session.ts'
import { ThreadPool } from '../../src/worker/crew.ts'
import type { Cell } from '../../src/workload/cell.ts'
import { expand } from '../../src/workload/expand.ts'
import { parseWorkload } from '../../src/workload/parse-workload.ts'
import type { BrokerTarget } from '../../src/workload/target.ts'
import { endpointOf } from '../support/endpoint-of.ts'
import { inTime } from '../support/in-time.ts'

const TARGET: BrokerTarget = {
  kind: 'broker',
  label: 'stomp://127.0.0.1:1',
  endpoints: [endpointOf('stomp://127.0.0.1:1')],
  consumerEnd: null,
  managementUrl: null,
}

function cellOf(text: string): Cell {
  const parsed = parseWorkload({ text, fallbackName: 'w', overrides: [] })
  assert.ok(parsed.kind === 'workload')
  const [cell] = expand(parsed.workload, [TARGET], { defaultClient: () => 'wire', brokerWarmupGiven: false })
  return cell ?? assert.fail('no cell')
}

const WIRE = { protocol: 'stomp', client: 'wire' } as const

test('every thread has a pair of its own, however small the crew, and no crew is large', () => {
  const pairs = (text: string, threads: number): unknown => warmupCell(cellOf(text), WIRE, threads).crew
  assert.deepEqual(pairs('matrix: { pairs: 1 }', 3), { producers: 3, consumers: 3 })
  assert.deepEqual(pairs('matrix: { producers: 5, consumers: 0 }', 2), { producers: 5, consumers: 5 })
  assert.deepEqual(pairs('matrix: { pairs: 400 }', 2), { producers: 16, consumers: 16 })
  assert.equal(shareOut(3, 3, 3).length, 3)
})

test('the load is closed, on destinations of its own, with messages of the same size and few bytes in flight', () => {
  const open = cellOf('load: { model: open, ratePerSecond: 5 }\ndestination: { name: mine, declare: false }')
  const warmup = warmupCell(open, WIRE, 1)
  assert.deepEqual(warmup.load, { model: 'closed', inFlight: 100 })
  assert.deepEqual([warmup.destination.name, warmup.destination.declare], [null, true])
  assert.equal(warmup.messageBytes, open.messageBytes)
  assert.deepEqual([warmup.phases.warmupSeconds, warmup.phases.measureSeconds], [2, 0])
  const large = warmupCell(cellOf('matrix: { messageBytes: 10 MB, pairs: 400 }\nload: { inFlight: 50 }'), WIRE, 2)
  assert.deepEqual([large.crew.producers, large.load.inFlight], [3, 1])
})

test('a warm-up that fails is a warning, and the cells say that there was none', async () => {
  const threads = new ThreadPool(1)
  const reports: RepetitionReport[] = []
  const warmup = new ClientWarmup(threads, 1, { tell: (report) => reports.push(report) }, new AbortController().signal)
  // There is no such client.
  const cell: Cell = { ...cellOf('{}'), protocol: 'openwire', client: 'library' }
  try {
    await warmup.warm(TARGET, [cell, cell])
  } finally {
    await threads.destroy()
  }
  assert.deepEqual(
    reports.map(({ kind }) => kind),
    ['client-warm-up', 'warning'],
  )
  assert.match(JSON.stringify(reports[1]), /openwire by library was not warmed up before the broker: /)
  assert.equal(warmup.secondsOf(TARGET, cell), null)
})

test('threads that were replaced have to be called cold', async () => {
  const threads = new ThreadPool(2)
  const events = { tell: () => undefined }
  try {
    const { cell, warmup } = await inTime(async (seconds) => {
      const warmup = new ClientWarmup(threads, 2, events, new AbortController().signal)
      const cell = cellOf(`phases: { clientWarmupSeconds: ${seconds} }`)
      await warmup.warm(TARGET, [cell])
      return warmup.secondsOf(TARGET, cell) === null ? null : { cell, warmup }
    })
    assert.equal(warmup.secondsOf(TARGET, cell), cell.phases.clientWarmupSeconds)
    assert.equal(warmup.secondsOf(TARGET, { ...cell, protocol: 'mqtt' }), null)
    await threads.renew()
    assert.equal(warmup.secondsOf(TARGET, cell), null)
  } finally {
    await threads.destroy()
  }
})

test('a client is warmed up over WebSocket where its target speaks through one, and over TCP it is still cold', async () => {
  const threads = new ThreadPool(1)
  const overWebSocket: BrokerTarget = { ...TARGET, endpoints: [endpointOf('stomp+ws://127.0.0.1:1')] }
  const reports: RepetitionReport[] = []
  const events = { tell: (report: RepetitionReport) => reports.push(report) }
  try {
    const { cell, warmup } = await inTime(async (seconds) => {
      const warmup = new ClientWarmup(threads, 1, events, new AbortController().signal)
      const cell = cellOf(`phases: { clientWarmupSeconds: ${seconds} }`)
      await warmup.warm(overWebSocket, [cell])
      return warmup.secondsOf(overWebSocket, cell) === null ? null : { cell, warmup }
    })
    assert.match(JSON.stringify(reports), /"client":"stomp by wire over WebSocket"/)
    assert.equal(warmup.secondsOf(TARGET, cell), null)
  } finally {
    await threads.destroy()
  }
})

test('the broker inside is spoken with over WebSocket where a target says so', async () => {
  const inside = { kind: 'embedded', label: 'embedded:', protocol: 'mqtt', options: {}, faults: {} } as const
  for (const [isWebSocket, transport] of [
    [true, 'ws'],
    [false, 'tcp'],
  ] as const) {
    const session = await openTarget({ ...inside, isWebSocket }, 10_000, { pid: null, cgroupPath: null })
    await session.end()
    assert.equal(session.endpoint.transport, transport)
  }
})
