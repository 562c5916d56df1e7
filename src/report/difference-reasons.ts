/**
 * Why a measured figure and a published one are not the same thing, as far as the facts of the two results tell: model,
 * guarantees, protocol, encryption, storage, network, machine, broker version, client, CPU source, run length. Pure.
 */
import type { CellResult, Result } from '../result/result.ts'
import { endsOf } from '../workload/target-ends.ts'
import { settingsOf } from './cell-settings.ts'
import { fewOf, measuredSpan } from './head.ts'
import { protocolName, protocolsOf } from './target-name.ts'

/** @returns sentences, the most weighty first. */
export function differenceReasons(measured: Result, reference: Result): string[] {
  return [
    ...harness(measured),
    ...models(measured, reference),
    ...guarantees(measured),
    ...protocols(measured, reference),
    ...encryption(measured, reference),
    storage(reference),
    ...places(measured, reference),
    machine(measured, reference),
    brokers(measured, reference),
    ...clients(measured),
    ...layouts(measured),
    lengths(measured),
    cpuSources(measured),
  ].filter((sentence) => sentence !== '')
}

function harness(measured: Result): string[] {
  const inside = measured.targets.filter((target) => target.embedded || target.protocol === 'loopback')
  return inside.map((target) => `${target.target} measures the harness, not a product: it stores nothing.`)
}

function models(measured: Result, reference: Result): string[] {
  const published = reference.cells[0]?.model
  const differing = unique(
    measured.cells
      .filter((cell) => cell.model.kind !== published?.kind || cell.model.inFlight !== published.inFlight)
      .map(modelName),
  )
  if (differing.length === 0 || published === undefined) return []
  return [`Model: measured with ${differing.join(' and ')}; published with a closed loop, one message in flight.`]
}

function modelName(cell: CellResult): string {
  const { model } = cell
  return model.kind === 'open' ? 'an open model' : `a closed loop, ${model.inFlight} in flight`
}

function guarantees(measured: Result): string[] {
  const settings = measured.cells.map((cell) => settingsOf(measured, cell))
  const weaker = [
    settings.some((one) => one.persistent === false) ? 'not persistent' : '',
    settings.some((one) => one.confirm === false) ? 'not confirmed' : '',
    settings.some((one) => one.acknowledge !== null && one.acknowledge !== 'each message')
      ? 'not acknowledged one by one'
      : '',
  ].filter((part) => part !== '')
  if (weaker.length === 0) return []
  return [
    `Guarantees: some measured messages were ${weaker.join(', ')}; the published ones were persistent, sent synchronously and acknowledged each.`,
  ]
}

function protocols(measured: Result, reference: Result): string[] {
  const published = protocolName(reference.targets[0]?.protocol ?? 'openwire')
  const used = unique(measured.targets.flatMap(({ target }) => protocolsOf(measured, target)).map(protocolName))
  const other = used.filter((name) => name !== published)
  return other.length === 0
    ? [
        'Encoding: the Java client negotiates tight encoding and caching, which this client may not: some 15 % fewer bytes per 1 KB message.',
      ]
    : [
        `Protocol: measured over ${other.join(', ')}; published over ${published}. What a broker spends on a message depends on it.`,
      ]
}

function encryption(measured: Result, reference: Result): string[] {
  if (reference.environment['tls'] !== true) return []
  const plain = measured.targets.filter((target) => !isEncrypted(target.target)).map((target) => target.target)
  if (plain.length === 0) return []
  return [
    `TLS: not used on ${plain.join(', ')}; the published figures include it on both sides, for Amazon MQ has no plain port.`,
  ]
}

/** Whether a target encrypts, at both ends where it names two. */
function isEncrypted(target: string): boolean {
  return endsOf(target).every(isEncryptedUrl)
}

/** Whether the scheme of a URL encrypts: `stomp+ssl:`, `mqtts:`, `wss:`, `amqp10s:` ... */
function isEncryptedUrl(target: string): boolean {
  const scheme = /^(?:failover:\(?)?([a-z0-9+.-]+):/i.exec(target)?.[1]?.toLowerCase() ?? ''
  return /(?:^|\+)(?:ssl|wss|tls)$/.test(scheme) || /^(?:mqtts|amqps|amqp10s|amqp091s|amqp\+ssl)$/.test(scheme)
}

function storage(reference: Result): string {
  const stated = reference.environment['storage']
  return typeof stated === 'string'
    ? `Storage: published on ${stated}, where one synced write takes 10 to 100 times as long as on a local disk, so points with few pairs are far higher on a local broker.`
    : ''
}

function places(measured: Result, reference: Result): string[] {
  const loadHost = reference.environment['loadGenerator']
  const published = typeof loadHost === 'string' ? loadHost : 'another host'
  const coLocated = measured.cells.some((cell) => cell.generator?.coLocated === true)
  if (!coLocated)
    return [`Network: the published load came from ${published} over a network; compare the round trip to yours.`]
  return [
    `Network: broker and generator were on one host; the published load came from ${published} over a network.`,
    'Cores: the generator took CPU from the broker, as both ran on one host; the published broker had its machine for itself.',
  ]
}

function machine(measured: Result, reference: Result): string {
  const bases = unique(measured.cells.flatMap((cell) => (cell.broker === null ? [] : [cell.broker.base])))
  const vcpu = reference.environment['vcpu']
  const instance = reference.environment['instance']
  const published = `${String(instance ?? 'the published instance')} has ${String(vcpu ?? 'an unstated number of')} vCPU`
  const own =
    bases.length === 0 ? 'the measured broker was not sampled' : `100 % of the measured broker is ${bases.join('; ')}`
  return `Machine: ${published}; ${own}. Core-us per message survives a change of size, CPU % does not.`
}

function brokers(measured: Result, reference: Result): string {
  const names = unique(
    measured.targets.map((target) =>
      target.embedded ? 'the embedded broker' : (target.broker ?? 'an unnamed broker'),
    ),
  )
  const engine = reference.environment['engine']
  return `Broker: measured ${names.join(', ')}; published ${typeof engine === 'string' ? engine : 'an unstated version'}.`
}

function clients(measured: Result): string[] {
  const versions = unique(
    measured.cells.flatMap(({ clientVersion, consumer }) =>
      [clientVersion ?? [], consumer?.clientVersion ?? []].flat(),
    ),
  )
  if (versions.length === 0) return []
  return [
    `Client: measured with ${versions.join(', ')} on Node; published with a Java client (jms-benchmark), one thread and connection per producer and consumer.`,
  ]
}

function layouts(measured: Result): string[] {
  const others = unique(measured.cells.flatMap((cell) => cell.layout ?? [])).filter((layout) => layout !== 'per-pair')
  if (others.length === 0) return []
  return [
    `Layout: measured with ${others.join(', ')}; one queue per pair is inferred for the published figures, and the number of queues is the biggest lever of a persistent broker.`,
  ]
}

function lengths(measured: Result): string {
  const span = measuredSpan(measured)
  if (span === null) return ''
  return `Length: measured for ${span} per cell; the published figures read as one-minute counts divided by 60 (inferred).`
}

function cpuSources(measured: Result): string {
  const sources = fewOf(measured.cells.flatMap((cell) => (cell.broker === null ? [] : [cell.broker.source])))
  if (sources === '') return ''
  return `CPU: measured from ${sources}; published from CloudWatch (inferred), one-minute averages of the whole instance.`
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
