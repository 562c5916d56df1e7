/** Every key of a workload file, with its type and its reader: the file format as a table. */
import type { AcknowledgePolicy, ClientKind, Subscription } from '../driver/driver.ts'
import {
  GUARANTEES,
  type Arrivals,
  type CatchUp,
  type Guarantee,
  type Layout,
  type PayloadContent,
} from './workload.ts'
import { PROFILES, type Profile } from './profile.ts'
import {
  acknowledgePolicy,
  amount,
  destinationName,
  headers,
  layout,
  messageSize,
  oneOf,
  payloadContent,
  plainName,
  priority,
  target,
  text,
  wholeNumber,
  yesOrNo,
  type Reader,
} from './readers.ts'
import { arrivals, catchUp } from './load-readers.ts'

/** The leaves by their path, after reading and before defaults. */
export interface Leaves {
  readonly name: string
  readonly question: string
  readonly profile: Profile
  readonly client: ClientKind
  readonly threads: number
  readonly targets: string
  readonly 'matrix.messageBytes': number
  readonly 'matrix.pairs': number
  readonly 'matrix.producers': number
  readonly 'matrix.consumers': number
  readonly 'load.model': 'closed' | 'open'
  readonly 'load.inFlight': number
  readonly 'load.ratePerSecond': number
  readonly 'load.ratePerProducer': number
  readonly 'load.arrivals': Exclude<Arrivals, { kind: 'poisson' }> | { readonly kind: 'poisson' }
  readonly 'load.seed': number
  readonly 'load.catchUp': CatchUp
  readonly 'destination.kind': 'queue' | 'topic'
  readonly 'destination.layout': Layout
  readonly 'destination.name': string
  readonly 'destination.declare': boolean
  readonly 'delivery.persistent': boolean
  readonly 'delivery.confirm': boolean
  readonly 'delivery.acknowledge': AcknowledgePolicy
  readonly 'delivery.prefetch': number
  readonly 'delivery.ttlMs': number
  readonly 'delivery.priority': number
  readonly 'delivery.headers': Readonly<Record<string, string>>
  readonly 'delivery.transactionMessages': number
  readonly 'delivery.subscription': Subscription['kind']
  readonly 'delivery.messagePerWrite': boolean
  readonly 'delivery.guarantee': Guarantee
  readonly 'delivery.ordered': boolean
  readonly 'payload.content': PayloadContent
  readonly 'connect.timeoutSeconds': number
  readonly 'connect.perSecond': number
  readonly 'phases.clientWarmupSeconds': number
  readonly 'phases.brokerWarmupSeconds': number
  readonly 'phases.warmupSeconds': number
  readonly 'phases.measureSeconds': number
  readonly 'phases.drainSeconds': number
  readonly 'phases.messagesPerProducer': number
  readonly 'phases.repeats': number
  readonly 'phases.order': 'shuffled' | 'listed'
  readonly 'phases.orderSeed': number
  readonly 'phases.sentinel': 'auto' | 'on' | 'off'
}

export type LeafPath = keyof Leaves

/** In the order of the file, which is the order of listing in sentences and of axes in a cell's id. */
export const LEAVES: { readonly [P in LeafPath]: Reader<Leaves[P]> } = {
  name: plainName('a name'),
  question: text,
  profile: oneOf(...PROFILES),
  client: oneOf('wire', 'library'),
  threads: wholeNumber(1),
  targets: target,
  'matrix.messageBytes': messageSize,
  'matrix.pairs': wholeNumber(1),
  'matrix.producers': wholeNumber(0),
  'matrix.consumers': wholeNumber(0),
  'load.model': oneOf('closed', 'open'),
  'load.inFlight': wholeNumber(1),
  'load.ratePerSecond': amount('messages per second over all producers,', false),
  'load.ratePerProducer': amount('messages per second of each producer,', false),
  'load.arrivals': arrivals,
  'load.seed': wholeNumber(0),
  'load.catchUp': catchUp,
  'destination.kind': oneOf('queue', 'topic'),
  'destination.layout': layout,
  'destination.name': destinationName,
  'destination.declare': yesOrNo,
  'delivery.persistent': yesOrNo,
  'delivery.confirm': yesOrNo,
  'delivery.acknowledge': acknowledgePolicy,
  'delivery.prefetch': wholeNumber(1),
  'delivery.ttlMs': wholeNumber(1, 'a whole number of milliseconds'),
  'delivery.priority': priority,
  'delivery.headers': headers,
  'delivery.transactionMessages': wholeNumber(1, 'a whole number of messages'),
  'delivery.subscription': oneOf('plain', 'durable', 'shared', 'shared-durable'),
  'delivery.messagePerWrite': yesOrNo,
  'delivery.guarantee': oneOf(...GUARANTEES),
  'delivery.ordered': yesOrNo,
  'payload.content': payloadContent,
  'connect.timeoutSeconds': amount('seconds', false),
  'connect.perSecond': amount('connections per second', false),
  'phases.clientWarmupSeconds': amount('seconds', true),
  'phases.brokerWarmupSeconds': amount('seconds', true),
  'phases.warmupSeconds': amount('seconds', true),
  'phases.measureSeconds': amount('seconds', false),
  'phases.drainSeconds': amount('seconds', true),
  'phases.messagesPerProducer': wholeNumber(1, 'a whole number of messages'),
  'phases.repeats': wholeNumber(1),
  'phases.order': oneOf('shuffled', 'listed'),
  'phases.orderSeed': wholeNumber(0),
  'phases.sentinel': oneOf('auto', 'on', 'off'),
}

export const LEAF_PATHS = Object.keys(LEAVES) as readonly LeafPath[]

/** The broker's own declaration arguments: leaves of any name below this path. */
export const ARGUMENTS_PATH = 'destination.arguments'

/** Leaves that any cell may set differently: they may be lists, at their place or under `matrix:`. */
const VARYING = /^(?:client$|load\.|destination\.|delivery\.|payload\.)/

/** Leaves that are axes by themselves. */
const AXIS = /^matrix\./

/** True where a list of values makes more cells. */
export function mayBeList(path: string): boolean {
  return AXIS.test(path) || VARYING.test(path)
}

/** True for a leaf that `matrix:` may hold under its full path, such as `load.inFlight`. */
export function mayVary(path: string): boolean {
  return VARYING.test(path)
}

/** Leaves that only an open model has. */
export const OPEN_MODEL_PATHS = [
  'load.ratePerSecond',
  'load.ratePerProducer',
  'load.arrivals',
  'load.seed',
  'load.catchUp',
] as const satisfies readonly LeafPath[]

/** Whether a closed model has nothing to do with it. */
export function isOfOpenModel(path: LeafPath): boolean {
  return OPEN_MODEL_PATHS.some((own) => own === path)
}

/** True for a path of the table; argument names are not in it. */
export function isLeafPath(path: string): path is LeafPath {
  return Object.hasOwn(LEAVES, path)
}

/** Sections (`load`, `phases` ...) and their keys in the order of the table; leaves at the top stand under `''`. */
export function keysOf(section: string): readonly string[] {
  if (section === '') {
    const sections = LEAF_PATHS.map((path) => path.split('.', 1)[0] ?? path)
    return [...new Set(sections)]
  }
  const own = LEAF_PATHS.filter((path) => path.startsWith(`${section}.`)).map((path) => path.slice(section.length + 1))
  return section === 'destination' ? [...own, 'arguments'] : own
}
