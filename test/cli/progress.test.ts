import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Output } from '../../src/cli/context.ts'
import { cellEndLine } from '../../src/cli/progress-text.ts'
import { openProgress } from '../../src/cli/progress.ts'
import type { CellResult, Interval } from '../../src/result/result.ts'
import { UNMONITORED } from '../../src/result/unmonitored.ts'
import type { Cell } from '../../src/workload/cell.ts'
import { expand } from '../../src/workload/expand.ts'
import { parseWorkload } from '../../src/workload/parse-workload.ts'

function cellsOf(text: string): readonly Cell[] {
  const parsed = parseWorkload({ text, fallbackName: 'w', overrides: [] })
  assert.ok(parsed.kind === 'workload')
  return expand(
    parsed.workload,
    [{ kind: 'embedded', label: 'embedded:', protocol: 'stomp', options: {}, faults: {} }],
    {
      defaultClient: () => 'wire',
      brokerWarmupGiven: false,
    },
  )
}

const [first, second] = cellsOf(
  'matrix: { pairs: [25, 50], load.inFlight: 1 }\nphases: { warmupSeconds: 0, measureSeconds: 60 }\nconnect: { perSecond: 1000 }',
)
assert.ok(first !== undefined && second !== undefined)

function interval(atSeconds: number, changes: Partial<Interval> = {}): Interval {
  return {
    ...UNMONITORED,
    phase: 'measure',
    atSeconds,
    seconds: 1,
    sent: 12_400,
    confirmed: 12_400,
    delivered: 12_345,
    backlog: 0,
    p50Us: 1200,
    p99Us: 3400,
    maxUs: 9000,
    brokerCpuPercent: 41,
    generatorCpuPercent: 20,
    ...changes,
  }
}

const ended = {
  axes: { consumers: 25 },
  model: { kind: 'closed', inFlight: 1 },
  throughput: { deliveredPerSecond: 12_345.6, confirmedPerSecond: 1 },
  latencyUs: { endToEnd: { service: { p50: 1200, p99: 3400 } }, publish: null },
  broker: { cpuPercent: 41 },
  verdict: {
    kind: 'invalid',
    reasons: [{ code: 'lossy', text: '3 messages were lost', figure: 3, limit: 0 }],
    checks: [],
  },
} as unknown as CellResult

function recorder(isTerminal: boolean, columns = 120): { readonly output: Output; readonly text: () => string } {
  let written = ''
  return { output: { isTerminal, columns, write: (text) => void (written += text) }, text: () => written }
}

test('without a terminal: one line in ten seconds of a cell, one at its end', () => {
  const { output, text } = recorder(false)
  const progress = openProgress(output, { cells: [first, second] }, false)
  const { events } = progress
  events.onCellStart(first, 1, 2)
  for (let second = 1; second <= 25; second++) events.onInterval(first, interval(second))
  events.onCellEnd(first, ended)
  progress.close()
  assert.deepEqual(text().split('\n'), [
    '[1/2] 1 KB 25x25 embedded:  measure  12,345 msg/s  p50 1.20 ms  p99 3.40 ms  broker 41 % CPU  1 min 52 s left',
    '[1/2] 1 KB 25x25 embedded:  measure  12,345 msg/s  p50 1.20 ms  p99 3.40 ms  broker 41 % CPU  1 min 42 s left',
    '[1/2] 1 KB 25x25 embedded:  12,346! msg/s  p50 1.20! ms  p99 3.40! ms  broker 41! % CPU  invalid (lossy: 3 messages were lost)',
    '',
  ])
})

test('the end of a cell says what made its verdict, and of a valid one only by which codes there are remarks', () => {
  const floor = { code: 'below-floor', text: 'more of it may be the harness', figure: 1, limit: 2 }
  const steal = { code: 'steal', text: 'the hypervisor took 7 %', figure: 7, limit: 2 }
  const pause = { code: 'garbage-collection', text: 'a pause of 9 ms', figure: 9, limit: 5 }
  const said = (kind: 'valid' | 'invalid' | 'interrupted', reasons: readonly (typeof floor)[]): string =>
    cellEndLine(
      first,
      { ...ended, verdict: { kind, reasons: [...reasons], checks: [] } },
      { order: 1, total: 2, secondsLeft: null },
    ).replace(/^.*CPU {2}/, '')
  assert.equal(said('valid', []), 'valid')
  assert.equal(said('valid', [floor, pause, pause]), 'valid (below-floor, garbage-collection)')
  assert.equal(said('invalid', [floor, steal]), 'invalid (steal: the hypervisor took 7 %)')
  assert.equal(said('interrupted', [floor]), 'interrupted')
})

test('on a terminal: one line that is rewritten, cut to its width, and removed at the end', () => {
  const { output, text } = recorder(true, 50)
  const progress = openProgress(output, { cells: [first, second] }, false)
  const { events } = progress
  events.onCellStart(second, 2, 2)
  events.onInterval(second, interval(1, { p50Us: null, p99Us: null, brokerCpuPercent: null }))
  events.onWarning('something to know')
  progress.close()
  const rewrite = '\r\u001b[2K'
  assert.equal(
    text(),
    [
      `${rewrite}[2/2] 1 KB 50x50 embedded:  connecting`,
      `${rewrite}[2/2] 1 KB 50x50 embedded:  measure  12,345 msg/s`.slice(0, rewrite.length + 49),
      `${rewrite}warning: something to know\n`,
      `${rewrite}[2/2] 1 KB 50x50 embedded:  measure  12,345 msg/s`.slice(0, rewrite.length + 49),
      rewrite,
    ].join(''),
  )
})

test('quiet shows warnings only', () => {
  const { output, text } = recorder(true)
  const progress = openProgress(output, { cells: [first] }, true)
  const { events } = progress
  events.onTarget('embedded:', 'here')
  events.onBrokerWarmup('embedded:', 20)
  events.onCellStart(first, 1, 1)
  events.onInterval(first, interval(10))
  events.onCellEnd(first, ended)
  events.onWarning('something to know')
  progress.close()
  assert.equal(text(), 'warning: something to know\n')
})

test('producers alone are shown by their confirms', () => {
  const [alone] = cellsOf('matrix: { producers: 3, consumers: 0 }')
  assert.ok(alone !== undefined)
  const { output, text } = recorder(false)
  const { events } = openProgress(output, { cells: [alone] }, false)
  events.onInterval(alone, interval(10, { delivered: 0 }))
  assert.match(text(), /3x0 embedded: {2}measure {2}12,400 msg\/s/)
})

test('the end of a cell shows the latency of its table: from the intended time in an open model', () => {
  const { output, text } = recorder(false)
  const { events } = openProgress(output, { cells: [first] }, false)
  events.onCellStart(first, 1, 1)
  const endToEnd = { response: { p50: 9000, p99: 300_000 }, service: { p50: 1200, p99: 3400 } }
  events.onCellEnd(first, { ...ended, model: { kind: 'open' }, latencyUs: { endToEnd, publish: null } } as CellResult)
  assert.match(text(), / p50 9\.00! ms {2}p99 300! ms /)
})

test('a remark is not given as the reason of an interruption', () => {
  const { output, text } = recorder(false)
  const { events } = openProgress(output, { cells: [first] }, false)
  events.onCellStart(first, 1, 1)
  events.onCellEnd(first, { ...ended, verdict: { ...ended.verdict, kind: 'interrupted' } })
  assert.match(text(), /% CPU {2}interrupted\n$/)
})
