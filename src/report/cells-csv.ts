/** Every figure of every cell, one row per cell: what spreadsheets and scripts read. Pure. */
import type { CellResult, Latency, Result } from '../result/result.ts'
import { csv, type CsvValue } from './csv.ts'
import { remainingAxes } from './grid.ts'
import { headlineRate, impliedSendMs } from './headline.ts'
import { settingsOf } from './cell-settings.ts'

type Fields = [name: string, value: CsvValue][]

/** @returns CSV with one head row; names carry the unit; an empty field is a figure that was not measured. */
export function cellsCsv(result: Result): string {
  const axes = [...new Set(result.cells.flatMap((cell) => Object.keys(remainingAxes(cell))))]
  const rows = result.cells.map((cell) => fieldsOf(result, cell, axes))
  const [first] = rows
  if (first === undefined) return ''
  return csv([first.map(([name]) => name), ...rows.map((row) => row.map(([, value]) => value))])
}

function fieldsOf(result: Result, cell: CellResult, axes: readonly string[]): Fields {
  return [
    ...identityFields(result, cell),
    ...axes.map((axis): [string, CsvValue] => [axis, cell.axes[axis] ?? null]),
    ...modelFields(result, cell),
    ...throughputFields(cell),
    ...latencyFields('endToEnd.response', cell.latencyUs?.endToEnd?.response ?? null),
    ...latencyFields('endToEnd.service', cell.latencyUs?.endToEnd?.service ?? null),
    ...latencyFields('publish.response', cell.latencyUs?.publish?.response ?? null),
    ...latencyFields('publish.service', cell.latencyUs?.publish?.service ?? null),
    ...latencyFields('sendLag.generator', cell.latencyUs?.sendLag?.generator ?? null),
    ...latencyFields('sendLag.blocked', cell.latencyUs?.sendLag?.blocked ?? null),
    ...integrityFields(cell),
    ...usageFields(cell),
    ...floorFields(cell),
    ...verdictFields(cell),
  ]
}

function identityFields(result: Result, cell: CellResult): Fields {
  const target = result.targets.find((one) => one.target === cell.target)
  return [
    ['runId', result.runId],
    ['cellId', cell.id],
    ['target', cell.target],
    ['protocol', cell.protocol],
    ['client', cell.client],
    ['clientVersion', cell.clientVersion],
    ['consumerTarget', cell.consumer?.target ?? null],
    ['consumerProtocol', cell.consumer?.protocol ?? null],
    ['consumerClient', cell.consumer?.client ?? null],
    ['consumerClientVersion', cell.consumer?.clientVersion ?? null],
    ['brokerName', target?.broker ?? null],
    ['embedded', target?.embedded ?? null],
    ['messageBytes', cell.axes['messageBytes'] ?? null],
    ['producers', cell.axes['producers'] ?? null],
    ['consumers', cell.axes['consumers'] ?? null],
  ]
}

function modelFields(result: Result, cell: CellResult): Fields {
  const settings = settingsOf(result, cell)
  const { model } = cell
  return [
    ['model', model.kind],
    ['inFlightPerProducer', model.inFlight],
    ['ratePerSecondTotal', model.kind === 'open' ? model.ratePerSecond : null],
    ['layout', cell.layout],
    ['destinationKind', settings.destinationKind],
    ['persistent', settings.persistent],
    ['confirm', settings.confirm],
    ['acknowledge', settings.acknowledge],
    ['prefetch', settings.prefetch],
    ['repetition', cell.repetition],
    ['sentinel', cell.sentinel],
    ['order', cell.order],
    ['startedAt', cell.startedAt],
    ['measureSeconds', cell.measureSeconds],
    ['clock', cell.clock],
  ]
}

function throughputFields(cell: CellResult): Fields {
  const rate = headlineRate(cell)
  const rates = cell.throughput
  return [
    ['tps', rate?.perSecond ?? null],
    ['tpsBasis', rate?.basis ?? null],
    ['offeredPerSecond', rates?.offeredPerSecond ?? null],
    ['sentPerSecond', rates?.sentPerSecond ?? null],
    ['confirmedPerSecond', rates?.confirmedPerSecond ?? null],
    ['deliveredPerSecond', rates?.deliveredPerSecond ?? null],
    ['deliveredMegabytesPerSecond', rates?.deliveredMegabytesPerSecond ?? null],
    ['impliedSendMs', impliedSendMs(cell)],
  ]
}

function latencyFields(name: string, latency: Latency | null): Fields {
  return [
    [`${name}.count`, latency?.count ?? null],
    [`${name}.meanUs`, latency?.mean ?? null],
    [`${name}.p50Us`, latency?.p50 ?? null],
    [`${name}.p90Us`, latency?.p90 ?? null],
    [`${name}.p99Us`, latency?.p99 ?? null],
    [`${name}.p99.9Us`, latency?.p999 ?? null],
    [`${name}.p99.99Us`, latency?.p9999 ?? null],
    [`${name}.maxUs`, latency?.max ?? null],
    [`${name}.negative`, latency?.negative ?? null],
    [`${name}.overflow`, latency?.overflow ?? null],
    [`${name}.effectiveCount`, latency?.effectiveCount ?? null],
  ]
}

function integrityFields(cell: CellResult): Fields {
  const counts = cell.integrity
  const names = [
    'attempted',
    'confirmed',
    'refused',
    'received',
    'lost',
    'duplicated',
    'late',
    'unknown',
    'recovered',
    'unexpected',
    'corrupt',
    'indeterminate',
    'drained',
  ] as const
  return names.map((name) => [`integrity.${name}`, counts?.[name] ?? null])
}

function usageFields(cell: CellResult): Fields {
  const { broker, generator } = cell
  return [
    ['broker.cpuPercent', broker?.cpuPercent ?? null],
    ['broker.cpuMicrosPerMessage', broker?.cpuMicrosPerMessage ?? null],
    ['broker.memoryBytesMax', broker?.memoryBytesMax ?? null],
    ['broker.source', broker?.source ?? null],
    ['broker.base', broker?.base ?? null],
    ['generator.cpuPercent', generator?.cpuPercent ?? null],
    ['generator.cpuMicrosPerMessage', generator?.cpuMicrosPerMessage ?? null],
    ['generator.messagesPerWrite', generator?.messagesPerWrite ?? null],
    ['generator.coLocated', generator?.coLocated ?? null],
    ['generator.threads', generator?.threads ?? null],
    ['generator.eventLoopDelayP99Ms', generator?.eventLoopDelayP99Ms ?? null],
    ['generator.gcPauseMaxMs', generator?.gcPauseMaxMs ?? null],
    ['generator.stealPercent', generator?.stealPercent ?? null],
    ['generator.residentBytesMax', generator?.residentBytesMax ?? null],
  ]
}

function floorFields({ floor }: CellResult): Fields {
  return [
    ['floor.metric', floor?.metric ?? null],
    ['floor.p50Us', floor?.p50Us ?? null],
    ['floor.p99Us', floor?.p99Us ?? null],
    ['floor.p99.9Us', floor?.p999Us ?? null],
    ['floor.ratePerSecond', floor?.ratePerSecond ?? null],
    ['floor.pairs', floor?.pairs ?? null],
    ['floor.inFlightPerProducer', floor?.inFlight ?? null],
    ['floor.messageBytes', floor?.messageBytes ?? null],
    ['floor.ceilingPerSecond', floor?.ceilingPerSecond ?? null],
    ['floor.pacerMode', floor?.pacer?.mode ?? null],
    ['floor.pacerLagP50Us', floor?.pacer?.lagP50Us ?? null],
    ['floor.pacerLagP99Us', floor?.pacer?.lagP99Us ?? null],
    ['floor.measuredAt', floor?.measuredAt ?? null],
  ]
}

function verdictFields(cell: CellResult): Fields {
  return [
    ['verdict', cell.verdict.kind],
    ['verdict.codes', cell.verdict.reasons.map((reason) => reason.code).join(' ')],
    ['verdict.reasons', cell.verdict.reasons.map((reason) => reason.text).join(' ')],
    ['verdict.checks', cell.verdict.checks.join(' ')],
    ['notes', cell.notes.join(' ')],
    ['histogramFile', cell.histogramFile],
  ]
}
