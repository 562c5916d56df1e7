/** The matrix unrolled: every point on every target becomes a Cell. Pure. */
import type { ClientKind, Protocol } from '../driver/driver.ts'
import type { Cell, CellEnd } from './cell.ts'
import { phasesOfLoad } from './scheduled-messages.ts'
import { runningOrder } from './running-order.ts'
import type { Target } from './target.ts'
import type { CrewSize, Layout, Load, Variant, Workload } from './workload.ts'

export interface ExpandOptions {
  /** The client that stands for `null`: ours where it is built. Pairs that are not built are refused before. */
  readonly defaultClient: (protocol: Protocol) => ClientKind
  /** The user asked for a broker warm-up by name: then the built-in targets have it too. */
  readonly brokerWarmupGiven: boolean
}

/**
 * Cells in the order of running: repetition by repetition, in each target by target, in turns (`runningOrder`); within a
 * target in an order drawn by lot, or by variant, size and crew as they are listed. Ids are unique, fit for file names,
 * and depend on nothing but the point itself.
 */
export function expand(workload: Workload, targets: readonly Target[], options: ExpandOptions): readonly Cell[] {
  const unique = new UniqueIds()
  const repetitions = Array.from({ length: workload.phases.repeats }, (_, index) =>
    targets.map((target, targetIndex) =>
      workload.variants.flatMap((variant) =>
        workload.messageBytes.flatMap((messageBytes) =>
          workload.crews.map((crew) =>
            unique.named(
              cellOf({ workload, target, targetIndex, variant, messageBytes, crew, repetition: index + 1 }, options),
            ),
          ),
        ),
      ),
    ),
  )
  return runningOrder(repetitions, workload.phases)
}

/** The protocol that a target's producers speak; of the embedded broker what the target says. */
export function protocolOf(target: Target): Protocol {
  switch (target.kind) {
    case 'broker':
      return target.endpoints[0].protocol
    case 'embedded':
      return target.protocol
    case 'loopback':
      return 'loopback'
  }
}

/** `layout: null` made definite: per-pair where producers = consumers, else shared (design.md section 10). */
export function layoutOf(layout: Layout | null, crew: CrewSize): Layout {
  return layout ?? { kind: crew.producers === crew.consumers ? 'per-pair' : 'shared' }
}

interface Point {
  readonly workload: Workload
  readonly target: Target
  readonly targetIndex: number
  readonly variant: Variant
  readonly messageBytes: number
  readonly crew: CrewSize
  readonly repetition: number
}

function cellOf(point: Point, options: ExpandOptions): Cell {
  const { workload, target, variant, crew, messageBytes } = point
  const protocol = protocolOf(target)
  const load = loadOf(variant.load, crew)
  const phases = phasesOfLoad(workload.phases, load)
  const warmsUp = target.kind === 'broker' || options.brokerWarmupGiven
  return {
    id: idOf(point),
    targetIndex: point.targetIndex,
    target: target.label,
    protocol,
    client: variant.client ?? options.defaultClient(protocol),
    consumer: consumerOf(target, variant, options),
    messageBytes,
    crew,
    axes: { messageBytes, producers: crew.producers, consumers: crew.consumers, ...variant.axes },
    load,
    destination: variant.destination,
    layout: layoutOf(variant.destination.layout, crew),
    delivery: variant.delivery,
    payload: variant.payload,
    connect: workload.connect,
    phases: {
      ...phases,
      clientWarmupSeconds: target.kind === 'broker' ? phases.clientWarmupSeconds : 0,
      brokerWarmupSeconds: warmsUp ? phases.brokerWarmupSeconds : 0,
    },
    profile: workload.profile,
    repetition: point.repetition,
    sentinel: null,
  }
}

/** A rate per producer made a total. */
function loadOf(load: Load, { producers }: CrewSize): Load {
  if (load.model === 'closed' || load.ratePerProducer === null) return load
  return { ...load, ratePerSecond: load.ratePerProducer * producers }
}

function consumerOf(target: Target, variant: Variant, options: ExpandOptions): CellEnd | null {
  if (target.kind !== 'broker' || target.consumerEnd === null) return null
  const { label, endpoints } = target.consumerEnd
  const { protocol } = endpoints[0]
  return { target: label, protocol, client: variant.client ?? options.defaultClient(protocol) }
}

/** `t1-1024B-25x25`, `t2-1024B-25x25-inFlight100-wire`, with `-r2` from the second repetition on. */
function idOf(point: Point): string {
  const { crew, variant } = point
  const axes = Object.entries(variant.axes).map(([path, value]) => {
    const name = path.split('.').at(-1) ?? path
    return slug(typeof value === 'string' ? value : `${name}${String(value)}`)
  })
  const parts = [
    `t${point.targetIndex + 1}`,
    `${point.messageBytes}B`,
    `${crew.producers}x${crew.consumers}`,
    ...axes,
    ...(point.repetition > 1 ? [`r${point.repetition}`] : []),
  ]
  return parts.join('-')
}

function slug(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9.]+/g, '_').slice(0, 40)
}

/** Two axes may shorten to the same letters (two long file names): later ones then get a number. */
class UniqueIds {
  readonly #taken = new Set<string>()

  named(cell: Cell): Cell {
    let { id } = cell
    for (let number = 2; this.#taken.has(id); number++) id = `${cell.id}-${number}`
    this.#taken.add(id)
    return id === cell.id ? cell : { ...cell, id }
  }
}
