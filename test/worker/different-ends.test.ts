import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Driver } from '../../src/driver/driver.ts'
import { loopback } from '../../src/driver/loopback/loopback.ts'
import { allocateMeasurements } from '../../src/measure/shared-measurements.ts'
import { tasksOf } from '../../src/run/cell-plan.ts'
import { CellLoad } from '../../src/worker/cell-load.ts'
import { cellOf, MEMORY_ENDPOINT } from '../oracle/virtual-cell.ts'
import { VirtualTime } from '../oracle/virtual-timing.ts'

test('a worker opens consumers by the driver and at the endpoint of their end, then producers by theirs', async () => {
  const opened: string[] = []
  const noting = (name: string): Driver => ({
    ...loopback,
    openPublisher: (endpoint, ...rest) => {
      opened.push(`${name} publisher at ${endpoint.host}`)
      return loopback.openPublisher(endpoint, ...rest)
    },
    openConsumer: (endpoint, ...rest) => {
      opened.push(`${name} consumer at ${endpoint.host}`)
      return loopback.openConsumer(endpoint, ...rest)
    },
  })
  const cell = cellOf({ load: { model: 'closed', inFlight: 1 } })
  const consumer = { target: 'there', protocol: 'loopback', client: 'wire' } as const
  const [task] = tasksOf(
    { ...cell, consumer },
    {
      endpoint: { ...MEMORY_ENDPOINT, host: 'here' },
      consumerEndpoint: { ...MEMORY_ENDPOINT, host: 'there' },
      threads: 1,
      headerRun: 7,
      epochNs: 0n,
      payloadFile: null,
      traceUs: null,
      allocate: allocateMeasurements,
    },
  )
  assert.ok(task !== undefined)
  const drivers = { producer: noting("producers'"), consumer: noting("consumers'") }
  const load = new CellLoad(task, drivers, new VirtualTime().timing(), (cause) => {
    throw cause
  })
  await load.connect()
  await load.close()
  assert.deepEqual(opened, ["consumers' consumer at there", "producers' publisher at here"])
})
