/** Where each figure of a report comes from, so that a reader can find it in the result files. Pure. */
import type { Result } from '../result/result.ts'
import type { Fact } from './head.ts'

/** Names as in the tables, keys as in `result.json`. */
export function figureOrigins(result: Result): Fact[] {
  if (result.status === 'published') {
    return [
      { label: 'TPS', text: 'as published: throughput.deliveredPerSecond of each cell in result.json' },
      { label: 'CPU %', text: 'as published: broker.cpuPercent' },
      { label: 'Broker us', text: 'derived, not published: CPU % x vCPU / TPS (broker.cpuMicrosPerMessage)' },
      { label: 'Send ms', text: 'derived: producers x in flight x 1,000 / TPS' },
    ]
  }
  return [
    {
      label: 'TPS',
      text: 'events inside the measurement per second: throughput.deliveredPerSecond of each cell in result.json, else confirmedPerSecond, else sentPerSecond',
    },
    {
      label: 'CPU %',
      text: 'broker.cpuPercent: CPU time of the broker inside the measurement; broker.base says what 100 is',
    },
    {
      label: 'Broker us, Gen. us',
      text: 'cpuMicrosPerMessage of broker and generator: user + system time of all threads / first deliveries (else confirms)',
    },
    {
      label: 'Percentiles',
      text: 'latencyUs, from the histograms of all threads merged (the .hlog file of the cell, readable by every HdrHistogram tool); a percentile with too few samples is n/a',
    },
    { label: 'Send ms', text: 'derived: producers x in flight x 1,000 / TPS, closed model only' },
    { label: 'Ledger', text: 'integrity: every sequence number from warm-up to drain' },
    { label: 'Over time', text: 'intervals, one per second' },
    { label: 'All figures', text: 'cells.csv has every figure of every cell; result.json is the source of this page' },
  ]
}

/** What a reader has to know of the method before trusting a figure. */
export const methodSentences: readonly string[] = [
  'Producers and consumers run on worker threads, each with a connection of its own. All connect first and start at one common instant; warm-up and measurement take the same path; then the queues drain.',
  'Response latency counts from the instant at which a message was due, service latency from its actual send. A closed model has no due time: its service latency says nothing about a rate that the broker could not keep up with, and is no SLO latency.',
  'A latency belongs to the phase in which its message was due (or sent, in a closed model); throughput counts the events inside the measurement; the ledger covers everything from warm-up to drain.',
  'Percentiles are computed from merged histograms, never averaged. p99 needs 368 samples, p99.9 3,688.',
  'An invalid cell is struck out: something other than the broker set its figure. A failed cell has none.',
]
