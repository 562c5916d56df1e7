/** Reasons that one machine cannot be brought to in earnest: each with the evidence of its test, and what the gate says of it. */
import type { Interval, Latency } from '../../../src/result/result.ts'
import type { CellEvidence } from '../../../src/run/verdict/evidence.ts'
import { good, latency } from '../../run/verdict/good-evidence.ts'
import { intervalsOf } from '../../run/verdict/intervals.ts'

export interface ShownByTest {
  readonly code: string
  /** Why it is not provoked, and what the evidence is. */
  readonly story: string
  /** Where the test is. */
  readonly test: string
  /** What the gate is asked; null where the reason comes from elsewhere, and the test says all. */
  readonly evidence: CellEvidence | null
}

const VERDICTS = 'test/run/verdict/judge.test.ts'
const SECONDS = 'test/run/verdict/seconds.test.ts'

/** Ten seconds of which the fifth is as said. */
function oneBadSecond(bad: Partial<Interval>, measureSeconds = 10): CellEvidence {
  const quiet: Partial<Interval> = { offered: 1_000, skipped: 0, generatorLagP99Us: 100, gcPauseMaxMs: 2 }
  const hour: Latency = { ...latency, count: 3_600_000, p999: 2_500, p9999: 2_900 }
  const lag: Latency = { ...latency, p99: 100, max: 900 }
  const latencyUs = {
    endToEnd: { response: hour, service: hour },
    publish: null,
    sendLag: { generator: lag, blocked: { ...lag, max: 0 } },
  }
  const intervals = intervalsOf(0, measureSeconds, (second) => ({ ...quiet, ...(second === 4 ? bad : {}) }))
  return { ...good, latencyUs, intervals, measureSeconds, constantRatePerSecond: 1_000 }
}

export const SHOWN_BY_TEST: readonly ShownByTest[] = [
  {
    code: 'steal',
    story:
      'It is the hypervisor that takes the time, and a guest cannot ask for it. The evidence: 3.1 % of the CPU stolen over the measured time.',
    test: VERDICTS,
    evidence: { ...good, stealPercent: 3.14 },
  },
  {
    code: 'load-host',
    story:
      'Asked only where the broker is on another host, and here it is not. The evidence: a host of the generator with 8 % left.',
    test: VERDICTS,
    evidence: { ...good, hostIdlePercent: 8 },
  },
  {
    code: 'missed-slots',
    story:
      'A generator that is too slow sends late, and is refused for that long before messages are missing at the end of the drain. The evidence: 11 of 1,000 never left.',
    test: VERDICTS,
    evidence: { ...good, missedSlots: 11 },
  },
  {
    code: 'tail-withheld',
    story:
      'A run of an hour is no demonstration. The evidence: 3,600 seconds, in the fifth of which the generator was 45 ms late.',
    test: SECONDS,
    evidence: oneBadSecond({ generatorLagP99Us: 45_000 }, 3_600),
  },
  {
    code: 'clock',
    story:
      'All threads of one host read one clock. The evidence: a thread whose clock is 1 ms ahead, as ping-pong with it finds.',
    test: 'test/oracle/clock.test.ts',
    evidence: {
      ...good,
      clockProof: { rounds: 2_000, offsetUsMin: 998, offsetUsMax: 1_004, violations: 0, roundTripUsMin: 5 },
    },
  },
  {
    code: 'littles-law',
    story:
      'It takes latencies that are not those of the messages, and the clocks and recorders here are right. The evidence: consumers whose clock is ahead by some 20 % of the latency, in a cell that its readings know to 4 %.',
    test: 'test/oracle/littles-law.test.ts',
    evidence: {
      ...good,
      littlesLaw: {
        flow: 'endToEnd',
        inFlightMean: 100,
        expectedInFlight: 125,
        latencyMeanUs: 50_000,
        deviation: -0.2,
        uncertainty: 0.04,
        limit: 0.1,
        readings: 1_000,
        judged: true,
      },
    },
  },
  {
    code: 'aborted',
    story:
      'No broker at hand refuses a message and delivers it all the same. The evidence: two such messages, where exactly once was promised.',
    test: 'test/oracle/guarantees.test.ts',
    evidence: {
      ...good,
      promise: { guarantee: 'exactly-once', ordered: false },
      integrity: { ...good.integrity, aborted: 2 },
    },
  },
  {
    code: 'drifted',
    story:
      'It takes a machine that changes once and is steady before and after; whatever disturbs this one for some seconds also makes the sentinel vary, which hides the change.',
    test: 'test/result/sentinels.test.ts',
    evidence: null,
  },
  {
    code: 'worker-died',
    story: 'A fault of brokermark or of a client library, which a run has no switch for.',
    test: 'test/worker/crew.test.ts',
    evidence: null,
  },
  {
    code: 'worker-hung',
    story:
      'A thread that has not answered for 30 s: a fault of brokermark or of a client library, which a run has no switch for.',
    test: 'test/run/worker-hung.test.ts',
    evidence: null,
  },
]
