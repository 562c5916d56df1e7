/** The product of everything that may vary besides size and crew: load, destination, delivery, payload and client. */
import type { Arrivals, OpenLoad, Variant } from './workload.ts'
import { ARGUMENTS_PATH, isOfOpenModel, LEAF_PATHS, mayVary, type LeafPath, type Leaves } from './leaves.ts'
import { DEFAULTS } from './defaults.ts'
import type { GivenLeaves } from './read-leaves.ts'

/** One value of every leaf: `undefined` where the leaf was not given. */
type Choice = <P extends LeafPath>(path: P) => Leaves[P] | undefined

/** Every combination, the last leaf varying fastest; at least one. A rate does not multiply the closed variants. */
export function variantsOf(given: GivenLeaves): readonly Variant[] {
  const variants = new Map<string, Variant>()
  for (const places of combinations(lengthsOf(given))) {
    const choose: Choice = (path) => given.list(path)?.[places.get(path) ?? 0]
    const declared = argumentsOf(given, places)
    const variant = variantOf(choose, declared, axesOf(given, choose, declared))
    // Closed variants that differ only in a rate they do not have are one and the same.
    variants.set(JSON.stringify({ ...variant, axes: null }), variant)
  }
  return [...variants.values()]
}

function lengthsOf(given: GivenLeaves): readonly (readonly [path: string, length: number])[] {
  const leaves = LEAF_PATHS.filter(mayVary).map((path) => [path, given.list(path)?.length ?? 1] as const)
  const declared = [...given.argumentLists].map(([name, list]) => [`${ARGUMENTS_PATH}.${name}`, list.length] as const)
  return [...leaves, ...declared]
}

function combinations(
  lengths: readonly (readonly [path: string, length: number])[],
): readonly ReadonlyMap<string, number>[] {
  let all: ReadonlyMap<string, number>[] = [new Map()]
  for (const [path, length] of lengths) {
    all = all.flatMap((places) => Array.from({ length }, (_, place) => new Map([...places, [path, place]])))
  }
  return all
}

type DeclaredArguments = Readonly<Record<string, string | number | boolean>>

function argumentsOf(given: GivenLeaves, places: ReadonlyMap<string, number>): DeclaredArguments {
  const declared: Record<string, string | number | boolean> = {}
  for (const [name, list] of given.argumentLists) {
    const value = list[places.get(`${ARGUMENTS_PATH}.${name}`) ?? 0]
    if (value !== undefined) declared[name] = value
  }
  return declared
}

function axesOf(given: GivenLeaves, choose: Choice, declared: DeclaredArguments): Variant['axes'] {
  const axes: Record<string, string | number | boolean> = {}
  const closed = (choose('load.model') ?? DEFAULTS.load.model) === 'closed'
  for (const path of LEAF_PATHS.filter(mayVary)) {
    const value = choose(path)
    const hasMeaning = !(closed && isOfOpenModel(path))
    if (value !== undefined && hasMeaning && (given.list(path)?.length ?? 1) > 1) axes[path] = labelOf(path, value)
  }
  for (const [name, list] of given.argumentLists) {
    const value = declared[name]
    if (list.length > 1 && value !== undefined) axes[`${ARGUMENTS_PATH}.${name}`] = value
  }
  return axes
}

/** The value of an axis as tables show it: `each`, `every 100`, `count 3`, `file body.json`, `region=eu`. */
function labelOf(path: LeafPath, value: Leaves[LeafPath]): string | number | boolean {
  if (typeof value !== 'object') return value
  if (path === 'delivery.headers') {
    return Object.entries(value)
      .map(([name, text]) => `${name}=${String(text)}`)
      .join(' ')
  }
  return labelOfKind(value as Kinded)
}

/** Values that are told apart by their kind. */
type Kinded = Leaves[
  'load.arrivals' | 'load.catchUp' | 'destination.layout' | 'delivery.acknowledge' | 'payload.content']

function labelOfKind(value: Kinded): string {
  switch (value.kind) {
    case 'every':
      return `every ${value.messages}`
    case 'count':
      return `count ${value.count}`
    case 'file':
      return `file ${value.path}`
    case 'ramp':
      return `ramp to ${value.toPerSecond}`
    case 'steps':
      return `steps ${value.steps.map(({ ratePerSecond }) => ratePerSecond).join(' ')}`
    case 'trace':
      return `trace ${value.path}`
    case 'limited':
      return `limited ${value.factor}`
    default:
      return value.kind
  }
}

function variantOf(choose: Choice, declared: DeclaredArguments, axes: Variant['axes']): Variant {
  const model = choose('load.model') ?? DEFAULTS.load.model
  return {
    axes,
    load:
      model === 'closed'
        ? { model, inFlight: choose('load.inFlight') ?? DEFAULTS.load.closedInFlight }
        : {
            model,
            arrivals: arrivalsOf(choose),
            ...ratesOf(choose),
            inFlight: choose('load.inFlight') ?? DEFAULTS.load.openInFlight,
            catchUp: choose('load.catchUp') ?? { kind: DEFAULTS.load.catchUp },
          },
    destination: {
      kind: choose('destination.kind') ?? DEFAULTS.destination.kind,
      layout: choose('destination.layout') ?? null,
      name: choose('destination.name') ?? null,
      declare: choose('destination.declare') ?? DEFAULTS.destination.declare,
      arguments: declared,
    },
    delivery: {
      persistent: choose('delivery.persistent') ?? DEFAULTS.delivery.persistent,
      confirm: choose('delivery.confirm') ?? DEFAULTS.delivery.confirm,
      acknowledge: choose('delivery.acknowledge') ?? { kind: DEFAULTS.delivery.acknowledge },
      prefetch: choose('delivery.prefetch') ?? DEFAULTS.delivery.prefetch,
      ttlMs: choose('delivery.ttlMs') ?? null,
      priority: choose('delivery.priority') ?? null,
      headers: choose('delivery.headers') ?? {},
      transactionMessages: choose('delivery.transactionMessages') ?? null,
      subscription: choose('delivery.subscription') ?? DEFAULTS.delivery.subscription,
      messagePerWrite: choose('delivery.messagePerWrite') ?? DEFAULTS.delivery.messagePerWrite,
      // Who asks for confirms wants nothing lost; without them nothing can be promised.
      guarantee: choose('delivery.guarantee') ?? (choose('delivery.confirm') === false ? 'none' : 'at-least-once'),
      ordered: choose('delivery.ordered') ?? DEFAULTS.delivery.ordered,
    },
    payload: { content: choose('payload.content') ?? { kind: DEFAULTS.payload.content } },
    client: choose('client') ?? null,
  }
}

function arrivalsOf(choose: Choice): Arrivals {
  const chosen = choose('load.arrivals') ?? { kind: DEFAULTS.load.arrivals }
  return chosen.kind === 'poisson' ? { ...chosen, seed: choose('load.seed') ?? DEFAULTS.load.seed } : chosen
}

/** A rate per producer becomes a total when the crew is known. */
function ratesOf(choose: Choice): Pick<OpenLoad, 'ratePerSecond' | 'ratePerProducer'> {
  const perProducer = choose('load.ratePerProducer') ?? null
  const chosen = choose('load.arrivals')
  const first = chosen?.kind === 'steps' ? chosen.steps[0]?.ratePerSecond : undefined
  // An open model without a rate is refused by the parser; the number only keeps the type whole until then.
  return {
    ratePerSecond: choose('load.ratePerSecond') ?? first ?? perProducer ?? Number.NaN,
    ratePerProducer: perProducer,
  }
}
