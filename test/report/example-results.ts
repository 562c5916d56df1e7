/** Whole results that several tests print: two targets with an invalid, a failed and a thin cell; an open model; topics. */
import { withConclusions } from '../../src/result/conclusions.ts'
import type { CellResult, Result } from '../../src/result/result.ts'
import type { Curves } from '../../src/report/charts/chart.ts'
import { brokerUsage, cell, intervals, latency, matrix, result, targetResult } from './result-builder.ts'

const stomp = 'stomp://127.0.0.1:61613'
const amqp = 'amqp10://127.0.0.1:5672'

/** Sizes 1 and 10 KB x 25, 50 and 100 pairs over STOMP and AMQP 1.0. */
export function twoTargets(): Result {
  const sizes = [1024, 10_240]
  const pairs = [25, 50, 100]
  const first = matrix(stomp, sizes, pairs)
  const second = matrix(amqp, sizes, pairs).map((one) => ({
    ...one,
    protocol: 'amqp10' as const,
    clientVersion: 'rhea 3.0.5',
  }))
  const cells = [...first, ...second]
  const [, , invalid, failed, thin, unsampled] = cells
  if (invalid !== undefined) {
    invalid.verdict = {
      kind: 'invalid',
      reasons: [{ code: 'generator-lag', text: 'Sends left 12 ms late.', figure: 12.1, limit: 5 }],
      checks: ['lossy', 'generator-lag'],
    }
  }
  if (failed !== undefined) {
    Object.assign(failed, {
      throughput: null,
      latencyUs: null,
      integrity: null,
      broker: null,
      generator: null,
      intervals: [],
      verdict: {
        kind: 'failed',
        reasons: [{ code: 'broker-closed', text: 'the broker closed the connection', figure: null, limit: null }],
        checks: [],
      },
    })
  }
  if (thin?.latencyUs?.endToEnd != null) thin.latencyUs.endToEnd.service = latency(900, 1200)
  if (unsampled !== undefined) unsampled.broker = null
  return result(cells, { targets: [targetResult(), targetResult({ target: amqp, protocol: 'amqp10' })] })
}

/** An open model with send lag, three repetitions, producers unlike consumers, and a second client as an axis. */
export function openModel(): Result {
  const cells = ['library', 'wire'].flatMap((client) =>
    [1, 2, 3].map((repetition) => {
      const perSecond = 1000 + 10 * repetition
      return cell(
        { producers: 10, consumers: 5, perSecond },
        {
          id: `t1-${client}-r${repetition}`,
          axes: { messageBytes: 1024, producers: 10, consumers: 5, client },
          model: {
            kind: 'open',
            arrivals: 'constant',
            ratePerSecond: 1025,
            inFlight: 1000,
            detail: null,
            catchUp: 'burst',
          },
          repetition,
          floor: {
            metric: 'endToEnd',
            p50Us: 210,
            p99Us: 640,
            p999Us: 1900,
            ratePerSecond: 2000,
            wantedPerSecond: 2000,
            pairs: 1,
            inFlight: null,
            messageBytes: 1024,
            ceilingPerSecond: 45_000,
            pacer: { mode: 'spin', lagP50Us: 3, lagP99Us: 41 },
            measuredAt: '2026-11-21T10:14:00.000Z',
          },
          layout: 'shared',
          latencyUs: {
            endToEnd: { response: latency(1200), service: latency(1000) },
            publish: { response: latency(700), service: latency(600) },
            sendLag: { generator: latency(40), blocked: latency(3) },
          },
          broker: brokerUsage({ cpuPercent: 7.25 * repetition }),
          intervals: intervals(perSecond, 2),
        },
      )
    }),
  )
  return withConclusions(result(cells))
}

/**
 * One size x 3 pairs in three repetitions with a sentinel: the first point is noisy, of the second one repetition is
 * invalid, and the machine became slower by 10 % after the first repetition.
 */
export function repeated(): Result {
  const rates = {
    5: [5000, 5900, 5010],
    10: [9000, 8950, 9050],
    20: [16_000, 16_100, 15_900],
  } as const
  const sentinels = [
    [9000, 9010, 8990],
    [8100, 8110, 8090],
    [8105, 8095, 8100],
  ] as const
  let order = 0
  const one = (producers: 5 | 10 | 20, perSecond: number, changes: Partial<CellResult>): CellResult =>
    cell({ producers, perSecond }, { order: ++order, intervals: intervals(perSecond, 6), ...changes })
  const cells = [1, 2, 3].flatMap((repetition) => {
    const suffix = repetition > 1 ? `-r${repetition}` : ''
    const sentinel = (place: 'start' | 'middle' | 'end', at: number): CellResult =>
      one(10, sentinels[repetition - 1]?.[at] ?? 0, {
        id: `t1-1024B-10x10${suffix}-sentinel-${place}`,
        sentinel: place,
        repetition,
      })
    const point = (producers: 5 | 10 | 20): CellResult =>
      one(producers, rates[producers][repetition - 1] ?? 0, {
        id: `t1-1024B-${producers}x${producers}${suffix}`,
        repetition,
      })
    return [sentinel('start', 0), point(5), point(20), sentinel('middle', 1), point(10), sentinel('end', 2)]
  })
  const late = cells.find(({ id }) => id === 't1-1024B-10x10-r2')
  if (late !== undefined) {
    late.verdict = {
      kind: 'invalid',
      reasons: [{ code: 'generator-lag', text: 'Sends left 12 ms late.', figure: 12.1, limit: 5 }],
      checks: ['lossy', 'generator-lag'],
    }
  }
  return withConclusions(result(cells))
}

/** The least that a result may hold: every group that may be null is. */
export function nothingMeasured(): Result {
  const empty = cell(
    {},
    {
      client: null,
      clientVersion: null,
      layout: null,
      startedAt: null,
      measureSeconds: null,
      clock: null,
      throughput: null,
      latencyUs: null,
      integrity: null,
      broker: null,
      generator: null,
      verdict: { kind: 'interrupted', reasons: [], checks: [] },
      intervals: [],
      histogramFile: null,
    },
  )
  const broker = targetResult({ broker: null, cpuSource: 'the broker is on another host' })
  return result([empty], { targets: [broker], workload: null, environment: {}, status: 'interrupted' })
}

/** Smooth curves for every cell of a result, as decoded from histograms. */
export function curvesFor(measured: Result): Curves {
  return new Map(
    measured.cells.map((one, place) => {
      const points = Array.from({ length: 40 }, (_, step) => ({
        percentile: 100 * (1 - 2 ** (-step / 3)),
        valueUs: (place + 1) * (500 + step * step * 20),
      }))
      return [one.id, { 'endToEnd.service': points, 'endToEnd.response': points }]
    }),
  )
}
