import { COUNTER_NAMES } from './counters.ts'
import { LatencyRecorder, mergeSlots, RECORDER_SLOTS, type LatencyCounts } from './latency-recorder.ts'

/** The latencies of one flow (method.md R1.1). Each is kept twice: of warm-up messages and of measured ones. */
export const METRICS = [
  'endToEndResponse',
  'endToEndService',
  'publishResponse',
  'publishService',
  'lagGenerator',
  'lagBlocked',
] as const
export type Metric = (typeof METRICS)[number]

/** A message belongs to the phase of its intended time (sent time in a closed model), even if it arrives in the drain. */
export type MeasuredPhase = 'warm-up' | 'measure'

const PHASES: readonly MeasuredPhase[] = ['warm-up', 'measure']
const SLOTS = COUNTER_NAMES.length + PHASES.length * METRICS.length * RECORDER_SLOTS

/** Recorders of one phase by metric. */
export type Recorders = Readonly<Record<Metric, LatencyRecorder>>

/** Memory of one worker in one cell, all zero. */
export function allocateMeasurements(): SharedArrayBuffer {
  return new SharedArrayBuffer(SLOTS * Float64Array.BYTES_PER_ELEMENT)
}

/** The writing side, in the measuring thread. */
export interface MeasurementWriter {
  readonly counters: Float64Array
  readonly warmup: Recorders
  readonly measured: Recorders
}

export function measurementWriter(memory: SharedArrayBuffer | ArrayBuffer): MeasurementWriter {
  const recorders = (phase: MeasuredPhase): Recorders =>
    Object.fromEntries(
      METRICS.map((metric) => [metric, new LatencyRecorder(slotsOf(memory, phase, metric))]),
    ) as unknown as Recorders
  return { counters: countersOf(memory), warmup: recorders('warm-up'), measured: recorders('measure') }
}

/** The counters in one worker's memory. */
export function countersOf(memory: SharedArrayBuffer | ArrayBuffer): Float64Array {
  return new Float64Array(memory, 0, COUNTER_NAMES.length)
}

/** One metric merged over workers as it stands now. */
export function readLatency(
  memories: readonly (SharedArrayBuffer | ArrayBuffer)[],
  phase: MeasuredPhase,
  metric: Metric,
): LatencyCounts {
  return mergeSlots(latencySlots(memories, phase, metric))
}

/** The recorders of one metric, one per worker: views that change while it is measured. */
export function latencySlots(
  memories: readonly (SharedArrayBuffer | ArrayBuffer)[],
  phase: MeasuredPhase,
  metric: Metric,
): readonly Float64Array[] {
  return memories.map((memory) => slotsOf(memory, phase, metric))
}

function slotsOf(memory: SharedArrayBuffer | ArrayBuffer, phase: MeasuredPhase, metric: Metric): Float64Array {
  const place = PHASES.indexOf(phase) * METRICS.length + METRICS.indexOf(metric)
  return new Float64Array(
    memory,
    (COUNTER_NAMES.length + place * RECORDER_SLOTS) * Float64Array.BYTES_PER_ELEMENT,
    RECORDER_SLOTS,
  )
}
