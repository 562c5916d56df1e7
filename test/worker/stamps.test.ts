/** Every message has its own time stamp, however many come in one chunk from the socket (method.md R8.2). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { middleValueAt } from '../../src/measure/bucket-layout.ts'
import { DeliveryLedger } from '../../src/measure/delivery-ledger.ts'
import { PayloadHeader } from '../../src/measure/payload-header.ts'
import { allocateMeasurements, measurementWriter, readLatency } from '../../src/measure/shared-measurements.ts'
import { ConsumeLoop } from '../../src/worker/consume-loop.ts'
import { VirtualTime } from '../oracle/virtual-timing.ts'

const MESSAGE_BYTES = 64
const MESSAGES = 100
/** What the consumer takes for each message of the chunk. */
const HANDLING_US = 10

test('messages of one chunk are stamped when their turn comes: the wait inside the chunk is in their latency', () => {
  const memory = allocateMeasurements()
  let nowUs = 0
  const loop = new ConsumeLoop(
    {
      producersTotal: 1,
      isOpen: true,
      recomputed: null,
      acknowledges: false,
      onConnectionLost: (cause) => {
        throw cause
      },
    },
    { ...new VirtualTime().timing(), nowUs: () => nowUs },
    new PayloadHeader(7, MESSAGE_BYTES),
    new Uint8Array(MESSAGE_BYTES),
    new DeliveryLedger(false),
    measurementWriter(memory),
  )
  const { events } = loop.addConsumer(0)
  loop.start({ startUs: 0, measureFromUs: 0, measureToUs: 1e6 })
  const body = new Uint8Array(MESSAGE_BYTES)
  const header = new PayloadHeader(7, MESSAGE_BYTES)
  for (let sequence = 0; sequence < MESSAGES; sequence++) {
    nowUs += HANDLING_US
    header.write(body, 0, sequence, 0, 0)
    events.onDelivery(body, false, 0)
  }
  const { counts } = readLatency([memory], 'measure', 'endToEndResponse')
  const latencies = [...counts].flatMap((count, index) =>
    count === 0 ? [] : Array<number>(count).fill(middleValueAt(index)),
  )
  assert.deepEqual(
    latencies,
    Array.from({ length: MESSAGES }, (_, sequence) => (sequence + 1) * HANDLING_US),
  )
})
