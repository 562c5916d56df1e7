/**
 * A published table as a result of our own schema, so that `report` and `--against` need no second format. Pure.
 *
 * Source: AWS, Amazon MQ Migration Guide, "Throughput benchmarks" (2020-12-23). What that chapter does not state stays
 * null or is a caution; what is derived here says so.
 */
import { SCHEMA_VERSION, type CellResult, type Result } from '../result/result.ts'
import type { PublishedCell, PublishedTable } from './published-matrix.ts'

/** Folder name under `results/reference`, and what `--against` takes: `mq.m5.2xlarge`, `mq.m5.2xlarge-csad-false`. */
export function referenceName(table: PublishedTable): string {
  return table.concurrentStoreAndDispatch ? table.instance : `${table.instance}-csad-false`
}

/** The whole result; the same for the same table, down to the byte once it is JSON. */
export function publishedResult(table: PublishedTable): Result {
  const name = referenceName(table)
  const csad = String(table.concurrentStoreAndDispatch)
  return {
    schemaVersion: SCHEMA_VERSION,
    runId: name,
    status: 'published',
    title: `Amazon MQ for ActiveMQ on ${table.instance}, concurrentStoreAndDispatchQueues ${csad}: published figures`,
    createdAt: '2020-12-23T00:00:00.000Z',
    tool: { name: 'brokermark', version: '0.1.0', commit: null },
    environment: {
      instance: table.instance,
      vcpu: table.vcpu,
      concurrentStoreAndDispatchQueues: table.concurrentStoreAndDispatch,
      engine: 'ActiveMQ, version not stated (5.15.14 was the newest then, inferred)',
      storage: 'storage that the source does not state (EFS inferred: 80 messages/s per producer)',
      loadGenerator: 'one m5.xlarge client',
      tls: true,
    },
    workload: workloadOf(name, table),
    profile: null,
    targets: [
      {
        target: name,
        protocol: 'openwire',
        broker: 'Amazon MQ for ActiveMQ',
        embedded: false,
        cpuSource: 'published with the figures',
        remains: [],
      },
    ],
    cells: table.cells.map((cell, index) => cellOf(name, table, cell, index + 1)),
    points: [],
    sentinels: [],
    priorVariation: [],
    source:
      'AWS, Amazon MQ Migration Guide, chapter "Throughput benchmarks" (2020-12-23): TPS and CPU % as published. ' +
      'Core-us per message is derived here: CPU % x vCPU / TPS.',
    cautions: cautionsOf(table),
  }
}

function cellOf(name: string, table: PublishedTable, cell: PublishedCell, order: number): CellResult {
  const messageBytes = cell.sizeKilobytes * 1024
  return {
    id: `${messageBytes}B-${cell.pairs}x${cell.pairs}`,
    target: name,
    protocol: 'openwire',
    client: null,
    clientVersion: null,
    consumer: null,
    axes: { messageBytes, producers: cell.pairs, consumers: cell.pairs },
    model: { kind: 'closed', inFlight: 1 },
    layout: null,
    repetition: 1,
    sentinel: null,
    messageTimes: null,
    order,
    startedAt: null,
    measureSeconds: null,
    clock: null,
    throughput: {
      offeredPerSecond: null,
      sentPerSecond: null,
      confirmedPerSecond: null,
      deliveredPerSecond: cell.tps,
      deliveredMegabytesPerSecond: null,
    },
    latencyUs: null,
    integrity: null,
    broker: {
      cpuPercent: cell.cpuPercent,
      cpuMicrosPerMessage: derivedCost(table, cell),
      memoryBytesMax: null,
      source: 'published; core-us per message derived as CPU % x vCPU / TPS',
      base: `${table.vcpu} vCPU of ${table.instance}`,
    },
    generator: null,
    floor: null,
    verdict: { kind: 'published', reasons: [], checks: [] },
    notes: [],
    intervals: [],
    littlesLaw: null,
    soak: null,
    histogramFile: null,
  }
}

/** Core-microseconds per message, to a tenth: the published CPU is a whole percentage. */
function derivedCost(table: PublishedTable, cell: PublishedCell): number {
  return Math.round(((cell.cpuPercent / 100) * table.vcpu * 1e7) / cell.tps) / 10
}

function workloadOf(name: string, table: PublishedTable): Result['workload'] {
  const sizes = [...new Set(table.cells.map((cell) => cell.sizeKilobytes * 1024))]
  const pairs = [...new Set(table.cells.map((cell) => cell.pairs))]
  return {
    name,
    question: 'How many messages per second does this instance type carry, and at what CPU?',
    messageBytes: sizes,
    crews: pairs.map((count) => ({ producers: count, consumers: count })),
    variants: [
      {
        axes: {},
        load: { model: 'closed', inFlight: 1 },
        destination: { kind: 'queue', layout: null },
        delivery: { persistent: true, confirm: true, acknowledge: { kind: 'each' }, prefetch: null },
      },
    ],
  }
}

/** What the source leaves open and what is odd in it; a report on these figures prints all of them. */
function cautionsOf(table: PublishedTable): string[] {
  const general = [
    'Not stated by the source: storage type, deployment mode, number of queues, run length, engine version.',
    'Inferred, not stated: EFS storage (its 80 messages/s per producer fit), one queue per pair (TPS grows with the pairs), TLS (Amazon MQ has no plain port).',
    'One message in flight per producer, sent synchronously, and one acknowledgement per message are read in the source code of jms-benchmark, which AWS names as its tool; its scenario list was changed for these tables.',
    '1 KB is taken as 1,024 bytes: our reading, the source does not say.',
    'TPS reads as one-minute counts divided by 60, a resolution of some 17 messages/s; sends and receives are taken to be equal.',
    'CPU is taken to be CloudWatch CpuUtilization, one-minute averages of the whole instance; core-us per message is derived from it.',
    'Shape, not level, is portable: compare core-us per message, the number of pairs where TPS stops growing, and how CPU grows with size.',
  ]
  return [...general, ...oddities(table)]
}

function oddities(table: PublishedTable): string[] {
  if (!table.concurrentStoreAndDispatch) {
    return [
      'With concurrentStoreAndDispatchQueues false every message is written and read back: TPS is bound by storage (9 to 10 MB/s at 50 and 100 KB) and nearly the same on every instance.',
    ]
  }
  if (table.instance === 'mq.m5.4xlarge') {
    return [
      'At 50 and 100 KB TPS stops at 55 to 70 % CPU, some 433 MB/s each way through one client with TLS: the client or the network was the limit there, not the broker.',
      '5 KB at 50 pairs shows 17 % CPU between 4 % and 16 %: an outlier or a slip of the source.',
    ]
  }
  return table.instance === 'mq.m5.xlarge'
    ? ['1 KB at 100 pairs reads 7,332 where the one-minute counts give 7,333: probably a slip of the source.']
    : []
}
