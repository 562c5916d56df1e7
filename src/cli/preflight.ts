/** Everything that would make a run fail or lie, found out before any load. Decides; the edges are in `host-limits.ts`. */
import type { Capabilities, Transport } from '../driver/capabilities.ts'
import type { ClientKind, Driver, Protocol } from '../driver/driver.ts'
import { clientsOf, loadDriver } from '../driver/registry.ts'
import { countText } from '../report/number-text.ts'
import type { Cell } from '../workload/cell.ts'
import { differentEndsProblems } from '../workload/different-ends.ts'
import { connectionsOf } from '../workload/estimate.ts'
import type { Problem } from '../workload/problem.ts'
import type { Target } from '../workload/target.ts'
import { capabilityFindings } from './capability-findings.ts'
import { optionProblems } from './option-findings.ts'

/** Open files beside the connections: standard streams, event loops, result files, probes. */
const FILES_BESIDE_CONNECTIONS = 100

export interface PreflightFindings {
  readonly problems: readonly Problem[]
  /** One sentence each: what is imitated, what the driver cannot set, what is unwise. */
  readonly notes: readonly string[]
}

/** Protocols and clients that are not built, and what the built ones cannot do for these cells; each said once. */
export async function checkDrivers(cells: readonly Cell[], targets: readonly Target[]): Promise<PreflightFindings> {
  const problems = new Map<string, Problem>()
  const notes = new Set<string>()
  for (const cell of cells) {
    const target = targets[cell.targetIndex]
    if (target === undefined) continue
    const ends = await endsToCheck(cell, target)
    const findings = ends.map((end) => ('text' in end ? { problems: [end], notes: [] } : findingsAt(end)))
    for (const problem of [...differentEndsProblems(cell), ...findings.flatMap((finding) => finding.problems)]) {
      problems.set(problem.path + problem.text, problem)
    }
    for (const note of findings.flatMap((finding) => finding.notes)) notes.add(note)
  }
  return { problems: [...problems.values()], notes: [...notes] }
}

/** More connections than the process may have open files is one sentence, not ten thousand errors. */
export function fileLimitProblems(cells: readonly Cell[], openFilesMax: number | null): readonly Problem[] {
  const connections = Math.max(0, ...cells.map(connectionsOf))
  const needed = connections + FILES_BESIDE_CONNECTIONS
  if (openFilesMax === null || needed <= openFilesMax) return []
  return [
    {
      path: 'ulimit -n',
      text: `${countText(connections)} connections need about ${countText(needed)} open files, and this process may have ${countText(openFilesMax)}: raise the hard limit (ulimit -Hn), or use fewer producers and consumers`,
    },
  ]
}

/** More threads than a machine can run at once measure its scheduler. */
export function threadNotes(threads: number, cores: number): readonly string[] {
  if (threads <= 4 * cores) return []
  return [`${threads} threads on ${cores} cores: they will wait for each other, and that is in every latency`]
}

/** A driver, and what it will be asked for: the whole cell, or what is left of it at one end. */
interface CheckedEnd {
  readonly cell: Cell
  readonly driver: Driver
  readonly transports: readonly Transport[]
  /** Options of the protocol, once for each endpoint. */
  readonly options: readonly Readonly<Record<string, string>>[]
}

function findingsAt({ cell, driver, transports, options }: CheckedEnd): PreflightFindings {
  const { problems, notes } = capabilityFindings(cell, transports, driver.capabilities, nameOf(driver))
  return { problems: [...problems, ...options.flatMap((each) => optionProblems(cell, each))], notes }
}

/**
 * What the cell asks of each driver in it. An end without producers (or consumers) of its own is not asked for what only
 * they would do, and one that cannot declare with arguments leaves that to the other.
 */
async function endsToCheck(cell: Cell, target: Target): Promise<readonly (CheckedEnd | Problem)[]> {
  const producerWays = target.kind === 'broker' ? target.endpoints : waysInside(target)
  const { crew, consumer } = cell
  if (consumer === null) return [await endToCheck(cell, producerWays)]
  const consumerWays = target.kind === 'broker' ? (target.consumerEnd?.endpoints ?? []) : []
  const ends = [
    await endToCheck({ ...cell, crew: { ...crew, consumers: 0 }, consumer: null }, producerWays),
    await endToCheck({ ...cell, ...consumer, crew: { ...crew, producers: 0 }, consumer: null }, consumerWays),
  ]
  const canDeclare = ends.some((end) => 'driver' in end && end.driver.capabilities.declareArguments)
  if (!canDeclare) return ends
  return ends.map((end) =>
    'text' in end || end.driver.capabilities.declareArguments
      ? end
      : { ...end, cell: { ...end.cell, destination: { ...end.cell.destination, arguments: {} } } },
  )
}

/** One way to a broker; null where the driver's transport is not the user's choice. */
interface Way {
  readonly transport: Transport | null
  readonly options: Readonly<Record<string, string>>
}

function waysInside(target: Exclude<Target, { readonly kind: 'broker' }>): readonly Way[] {
  return target.kind === 'embedded' ? [{ transport: null, options: target.options }] : []
}

async function endToCheck(cell: Cell, ways: readonly Way[]): Promise<CheckedEnd | Problem> {
  const transports = ways.flatMap(({ transport }) => transport ?? [])
  const options = ways.map((way) => way.options)
  return missingDriver(cell) ?? { cell, transports, options, driver: await driverOf(cell.protocol, cell.client) }
}

const drivers = new Map<string, Promise<Driver>>()

function driverOf(protocol: Protocol, client: ClientKind): Promise<Driver> {
  const key = `${protocol}:${client}`
  const driver = drivers.get(key) ?? loadDriver(protocol, client)
  drivers.set(key, driver)
  return driver
}

function missingDriver(cell: Cell): Problem | null {
  const clients = clientsOf(cell.protocol)
  if (clients.includes(cell.client)) return null
  if (clients.length === 0) {
    return {
      path: cell.target,
      text: `${cell.protocol} is not built in this version: use stomp, amqp10, amqp091 or mqtt`,
    }
  }
  return {
    path: 'client',
    text: `${cell.protocol} has no ${cell.client} client in this version: use ${clients.join(' or ')}`,
  }
}

function nameOf(driver: Driver): string {
  return `${driver.protocol} by ${driver.clientVersion}`
}

/** Names of what a driver has, for `list`. */
export function capabilityWords(capabilities: Capabilities): readonly string[] {
  const supported = (word: string, support: 'native' | 'imitated' | 'none'): readonly string[] =>
    support === 'none' ? [] : [support === 'native' ? word : `${word} (imitated)`]
  const flag = (word: string, has: boolean): readonly string[] => (has ? [word] : [])
  return [
    ...supported('queues', capabilities.queues),
    ...supported('topics', capabilities.topics),
    ...flag('confirms', capabilities.confirms),
    ...flag('pipelining', capabilities.pipelining),
    ...flag('durable', capabilities.durable),
    `acknowledge ${capabilities.acknowledge.join('/')}`,
    ...flag('prefetch', capabilities.prefetch),
    ...supported('competing consumers', capabilities.competingConsumers),
    ...flag('declaration arguments', capabilities.declareArguments),
    ...flag('queue removal', capabilities.removeQueue),
    ...flag('transactions', capabilities.transactions),
    ...flag('time to live', capabilities.ttl),
    ...flag('priority', capabilities.priority),
    ...flag('headers', capabilities.headers),
    ...flag('durable subscriptions', capabilities.durableSubscriptions),
    ...flag('shared subscriptions', capabilities.sharedSubscriptions),
    `over ${capabilities.transports.join('/')}`,
  ]
}
