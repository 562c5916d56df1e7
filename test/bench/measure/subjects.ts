/** What `bench:measure` measures: each subject with fresh state for every round. */
import { build, initWebAssembly, type Histogram } from 'hdr-histogram-js'
import { HIGHEST_VALUE_US } from '../../../src/measure/bucket-layout.ts'
import { DeliveryLedger } from '../../../src/measure/delivery-ledger.ts'
import { LatencyRecorder, RECORDER_SLOTS } from '../../../src/measure/latency-recorder.ts'
import { PayloadHeader } from '../../../src/measure/payload-header.ts'
import { faultyStream } from './faulty-stream.ts'

export interface MeasureSubject {
  readonly name: string
  readonly calls: number
  /** Nanoseconds (method.md R6.1, R8.3); null where nothing is asked for. */
  readonly goalNs: number | null
  /** Called before each round, outside of the time. */
  readonly prepare: () => (calls: number) => void
}

const MESSAGE_BYTES = 1024
const VALUES = 2 ** 16
const RECORDER_GOAL_NS = 60
const LEDGER_GOAL_NS = 150
const CALLS = 2_000_000
/** Of what costs more. */
const FEWER_CALLS = 500_000

export async function measureSubjects(): Promise<readonly MeasureSubject[]> {
  await initWebAssembly()
  const latencies = someLatencies()
  const stream = faultyStream(CALLS)
  return [
    recorderSubject(latencies),
    hdrSubject('hdr-histogram-js, JavaScript, 64-bit counts', latencies, false),
    hdrSubject('hdr-histogram-js, WebAssembly, 64-bit counts', latencies, true),
    ledgerSubject('ledger, in order', (index) => index, 1),
    ledgerSubject('ledger, eight producers in turns', (index) => index >>> 3, 8),
    ledgerSubject('ledger, with gaps, duplicates and late messages', (index) => stream[index] ?? 0, 1),
    ...headerSubjects(),
  ]
}

/** Each order of magnitude as likely as the next, from 50 us to 1 s. */
function someLatencies(): Float64Array {
  let state = 12_345
  return Float64Array.from({ length: VALUES }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return 50 * 20_000 ** (state / 2 ** 32)
  })
}

function recorderSubject(latencies: Float64Array): MeasureSubject {
  return {
    name: 'latency recorder',
    calls: CALLS,
    goalNs: RECORDER_GOAL_NS,
    prepare: () => {
      const shared = new SharedArrayBuffer(RECORDER_SLOTS * Float64Array.BYTES_PER_ELEMENT)
      const recorder = new LatencyRecorder(new Float64Array(shared))
      return (calls) => {
        for (let index = 0; index < calls; index++) recorder.record(latencies[index & (VALUES - 1)] ?? 0)
      }
    },
  }
}

function hdrSubject(name: string, latencies: Float64Array, useWebAssembly: boolean): MeasureSubject {
  let histogram: Histogram | null = null
  return {
    name,
    calls: FEWER_CALLS,
    goalNs: null,
    prepare: () => {
      histogram?.destroy()
      const fresh = build({
        lowestDiscernibleValue: 1,
        highestTrackableValue: HIGHEST_VALUE_US,
        numberOfSignificantValueDigits: 3,
        bitBucketSize: 64,
        useWebAssembly,
      })
      histogram = fresh
      return (calls) => {
        for (let index = 0; index < calls; index++) fresh.recordValue(latencies[index & (VALUES - 1)] ?? 0)
      }
    },
  }
}

function ledgerSubject(name: string, sequenceOf: (index: number) => number, producers: number): MeasureSubject {
  return {
    name,
    calls: CALLS,
    goalNs: LEDGER_GOAL_NS,
    prepare: () => {
      const consumer = new DeliveryLedger(false).forConsumer(0)
      return (calls) => {
        for (let index = 0; index < calls; index++) consumer.receive(index & (producers - 1), sequenceOf(index))
      }
    },
  }
}

function headerSubjects(): readonly MeasureSubject[] {
  const header = new PayloadHeader(42, MESSAGE_BYTES)
  const body = Buffer.alloc(MESSAGE_BYTES)
  header.write(body, 7, 123_456, 1.5e6, 3)
  return [
    {
      name: 'header, write',
      calls: CALLS,
      goalNs: null,
      prepare: () => (calls) => {
        for (let index = 0; index < calls; index++) header.write(body, 7, index, index + 0.5, 3)
      },
    },
    {
      name: 'header, read',
      calls: CALLS,
      goalNs: null,
      prepare: () => (calls) => {
        for (let index = 0; index < calls; index++) if (header.read(body) !== 'ours') throw new Error('not read')
      },
    },
  ]
}
