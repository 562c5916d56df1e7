/**
 * Whether this host can generate what a plan asks for, before any load (method.md R8.7): threads are added up to the cores
 * until each stays within 60 % of its ceiling; what all of them together could not carry is refused. Pure.
 */
import type { Cell } from '../../workload/cell.ts'
import type { Problem } from '../../workload/problem.ts'
import type { OpenLoad } from '../../workload/workload.ts'
import { deliveriesPerMessage } from '../cell-plan.ts'
import { CEILING_SHARE_MAX } from '../verdict/floor.ts'
import { floorOfCell } from './cell-floor.ts'
import type { FloorRecord } from './floor-record.ts'

export interface PlannedThreads {
  readonly threads: number
  /** Whether the user said how many: then none is added. */
  readonly given: boolean
  readonly cores: number
}

export interface ThreadFindings {
  readonly threads: number
  readonly problems: readonly Problem[]
  /** One sentence each: threads that were added, ceilings that are near. */
  readonly notes: readonly string[]
}

/** What one cell with an open model needs. */
interface Need {
  readonly cell: Cell
  readonly perSecond: number
  /** Of one thread. */
  readonly ceiling: number
  /** Threads at 60 % each. */
  readonly threads: number
  /** As many as have anything to do. */
  readonly threadsMax: number
}

/** @param floors cells without one are let pass. */
export function planThreads(
  cells: readonly Cell[],
  floors: readonly FloorRecord[],
  planned: PlannedThreads,
): ThreadFindings {
  const needs = cells.flatMap((cell) => needOf(cell, floors))
  const wanted = Math.max(planned.threads, ...needs.map((need) => Math.min(need.threads, need.threadsMax)))
  const threads = planned.given ? planned.threads : Math.max(planned.threads, Math.min(wanted, planned.cores))
  const problems = new Map<string, Problem>()
  const notes = new Set<string>()
  if (threads > planned.threads) {
    notes.add(
      `${threads} generator threads instead of ${planned.threads}, so that each stays within 60 % of its ceiling`,
    )
  }
  for (const need of needs) {
    // Threads beyond the cores share the cores.
    const usable = Math.min(threads, need.threadsMax, planned.cores)
    const share = need.perSecond / (usable * need.ceiling)
    if (share > 1)
      problems.set(refusal(need, usable, planned), { path: pathOf(need), text: refusal(need, usable, planned) })
    else if (share > CEILING_SHARE_MAX) notes.add(nearness(need, usable, share))
  }
  return { threads, problems: [...problems.values()], notes: [...notes] }
}

function needOf(cell: Cell, floors: readonly FloorRecord[]): readonly Need[] {
  if (cell.load.model === 'closed' || cell.crew.producers === 0) return []
  const ceiling = floorOfCell(cell, floors, 1)?.ceilingPerSecond
  if (ceiling === undefined) return []
  const perSecond = handledMessages(highestRate(cell.load), deliveriesPerMessage(cell))
  return [
    {
      cell,
      perSecond,
      ceiling,
      threads: Math.ceil(perSecond / (CEILING_SHARE_MAX * ceiling)),
      threadsMax: Math.max(cell.crew.producers, cell.crew.consumers),
    },
  ]
}

/** A ceiling is of messages that are sent once and delivered once: each half counts half. */
export function handledMessages(sent: number, deliveriesEach: number): number {
  return (sent * (1 + deliveriesEach)) / 2
}

/** Of a trace what it begins with: its file is not read here. */
function highestRate({ ratePerSecond, arrivals }: OpenLoad): number {
  switch (arrivals.kind) {
    case 'ramp':
      return Math.max(ratePerSecond, arrivals.toPerSecond)
    case 'steps':
      return Math.max(ratePerSecond, ...arrivals.steps.map((step) => step.ratePerSecond))
    default:
      return ratePerSecond
  }
}

function pathOf({ cell }: Need): string {
  return cell.load.model === 'open' && cell.load.ratePerProducer !== null
    ? 'load.ratePerProducer'
    : 'load.ratePerSecond'
}

function refusal(
  { cell, perSecond, ceiling, threads, threadsMax }: Need,
  usable: number,
  planned: PlannedThreads,
): string {
  const carried = usable === 1 ? 'one thread carries' : `the ${usable} threads of this plan carry`
  const rate = `${whole(perSecond)} messages per second over ${cell.protocol} by ${cell.client} cannot be generated: ${carried} ${whole(usable * ceiling)} at most without a broker's work`
  if (threads <= planned.cores) {
    const cure = threads > threadsMax ? `and so as many producers` : `--threads ${threads}`
    return `${rate}; it needs ${threads} threads at 60 % each, ${cure} ${waysOut(cell)}`
  }
  const hosts = Math.ceil(threads / planned.cores)
  return `${rate}; it needs ${threads} threads at 60 % each, which are ${hosts} hosts of ${cores(planned.cores)} ${waysOut(cell)}`
}

/** A ceiling that was measured while the host was busy is too low; the words measure that very floor again. */
function waysOut({ protocol, client, messageBytes, load }: Cell): string {
  const rate = load.model === 'open' ? ` -r ${highestRate(load)}` : ''
  const words = `brokermark calibrate --force --protocol ${protocol} --client ${client} -s ${messageBytes}${rate}`
  return `(${words} measures anew, --no-floor runs it all the same)`
}

function nearness({ cell, perSecond, ceiling, threads }: Need, usable: number, share: number): string {
  return `${whole(perSecond)} messages per second over ${cell.protocol} by ${cell.client} are ${Math.round(share * 100)} % of the ${whole(usable * ceiling)} that ${usable === 1 ? 'one thread carries' : `${usable} threads carry`}: for 60 % it needs ${threads} threads, so watch the generator's lag`
}

function cores(count: number): string {
  return count === 1 ? '1 core' : `${count} cores`
}

function whole(figure: number): string {
  return String(Math.round(figure))
}
