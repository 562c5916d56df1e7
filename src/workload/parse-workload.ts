/**
 * From the text of a workload file, `--set` and the short flags to a Workload, or to everything that is wrong with them:
 *
 *   text ─yaml─▶ document ─collect─▶ leaves ─override─▶ leaves ─read─▶ typed values ─product─▶ Workload ─check─▶
 *
 * Pure: nothing is opened, and nothing given is changed.
 */
import { parseDocument } from 'yaml'
import { collectLeaves, type RawLeaves } from './collect-leaves.ts'
import { cautionsOf, impossibleCombinations } from './combinations.ts'
import { DEFAULTS } from './defaults.ts'
import { applyOverrides, type Override } from './override.ts'
import { labelOfTarget, parseTarget } from './parse-target.ts'
import type { Problem } from './problem.ts'
import { phaseDefaultsOf } from './profile.ts'
import { profileProblems } from './profile-problems.ts'
import { readLeaves, type GivenLeaves } from './read-leaves.ts'
import { variantsOf } from './variants.ts'
import type { CrewSize, PhasePlan, Workload } from './workload.ts'

export interface WorkloadSource {
  /** YAML; null for the quick form, which has flags only. */
  readonly text: string | null
  /** Name of the run where the file gives none: the file's own, without its ending. */
  readonly fallbackName: string
  readonly overrides: readonly Override[]
}

export type ParsedWorkload =
  | {
      readonly kind: 'workload'
      readonly workload: Workload
      /** Target URLs as written in the file, credentials included: for use, never to be stored or printed. */
      readonly targetUrls: readonly string[]
      /** The broker warm-up was asked for by name, and so holds for the embedded broker too. */
      readonly brokerWarmupGiven: boolean
      /** One sentence each: it can be run, and the user should know. */
      readonly cautions: readonly string[]
    }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }

/** Reports all problems of the file and of the flags at once; the order is that of the file, then that of the flags. */
export function parseWorkload(source: WorkloadSource): ParsedWorkload {
  const file = readFile(source.text)
  const overridden = applyOverrides(file.leaves, source.overrides)
  const read = readLeaves(overridden.leaves)
  const targetProblems = problemsOfTargets(read.given)
  const early = [
    ...file.problems,
    ...overridden.problems,
    ...crewConflicts(read.given),
    ...read.problems,
    ...targetProblems,
  ]
  // Combinations of what was understood are checked too: a user with two mistakes wants to hear of both.
  const workload = workloadOf(read.given, source)
  const problems = [
    ...early,
    ...impossibleCombinations(workload, read.given),
    ...profileProblems(workload.profile, workload.phases, read.given),
  ]
  if (problems.length > 0) return { kind: 'problems', problems }
  return {
    kind: 'workload',
    workload,
    targetUrls: read.given.list('targets') ?? [],
    brokerWarmupGiven: read.given.list('phases.brokerWarmupSeconds') !== undefined,
    cautions: cautionsOf(workload),
  }
}

function readFile(text: string | null): { readonly leaves: RawLeaves; readonly problems: readonly Problem[] } {
  if (text === null) return { leaves: new Map(), problems: [] }
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true })
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({ path: '', text: `not valid YAML: ${firstLine(error.message)}` }))
    return { leaves: new Map(), problems }
  }
  return collectLeaves(document.toJS({ maxAliasCount: 100 }) ?? {})
}

function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? message).replace(/:$/, '')
}

function crewConflicts(given: GivenLeaves): readonly Problem[] {
  if (given.list('matrix.pairs') === undefined) return []
  return (['matrix.producers', 'matrix.consumers'] as const)
    .filter((path) => given.list(path) !== undefined)
    .map((path) => ({
      path: given.at(path),
      text: `pairs already says how many (at ${given.at('matrix.pairs')}): remove one of the two`,
    }))
}

function problemsOfTargets(given: GivenLeaves): readonly Problem[] {
  return (given.list('targets') ?? []).flatMap((url, index) => {
    const parsed = parseTarget(url)
    if (parsed.kind !== 'problems') return []
    return parsed.problems.map((problem) => ({ path: `targets[${index}]`, text: problem.text }))
  })
}

function workloadOf(given: GivenLeaves, source: WorkloadSource): Workload {
  return {
    name: first(given.list('name')) ?? source.fallbackName,
    question: first(given.list('question')) ?? null,
    profile: first(given.list('profile')) ?? null,
    messageBytes: given.list('matrix.messageBytes') ?? [DEFAULTS.messageBytes],
    crews: crewsOf(given),
    variants: variantsOf(given),
    connect: {
      timeoutSeconds: first(given.list('connect.timeoutSeconds')) ?? DEFAULTS.connect.timeoutSeconds,
      perSecond: first(given.list('connect.perSecond')) ?? DEFAULTS.connect.perSecond,
    },
    phases: phasesOf(given, source.text === null),
    targets: (given.list('targets') ?? []).map(labelOfTarget),
    threads: first(given.list('threads')) ?? null,
  }
}

function crewsOf(given: GivenLeaves): readonly CrewSize[] {
  const pairs = given.list('matrix.pairs')
  if (pairs !== undefined) return pairs.map((count) => ({ producers: count, consumers: count }))
  const consumers = given.list('matrix.consumers') ?? [DEFAULTS.consumers]
  const producers = given.list('matrix.producers') ?? [DEFAULTS.producers]
  return producers.flatMap((some) => consumers.map((others) => ({ producers: some, consumers: others })))
}

/** What is given by name goes before the profile's defaults, and those before the usual ones. */
function phasesOf(given: GivenLeaves, quickForm: boolean): PhasePlan {
  const defaults = { ...usualPhases(quickForm), ...phaseDefaultsOf(first(given.list('profile')) ?? null) }
  const messagesPerProducer = first(given.list('phases.messagesPerProducer')) ?? null
  const measureSeconds = first(given.list('phases.measureSeconds'))
  const isLimit = messagesPerProducer !== null && !given.has('profile')
  return {
    clientWarmupSeconds: first(given.list('phases.clientWarmupSeconds')) ?? defaults.clientWarmupSeconds,
    brokerWarmupSeconds: first(given.list('phases.brokerWarmupSeconds')) ?? defaults.brokerWarmupSeconds,
    warmupSeconds: first(given.list('phases.warmupSeconds')) ?? defaults.warmupSeconds,
    measureSeconds: measureSeconds ?? (isLimit ? DEFAULTS.measureSecondsLimit : defaults.measureSeconds),
    measureMessagesMin: measureSeconds === undefined ? defaults.measureMessagesMin : null,
    drainSeconds: first(given.list('phases.drainSeconds')) ?? defaults.drainSeconds,
    messagesPerProducer,
    repeats: first(given.list('phases.repeats')) ?? defaults.repeats,
    order: first(given.list('phases.order')) ?? defaults.order,
    orderSeed: first(given.list('phases.orderSeed')) ?? defaults.orderSeed,
    sentinel: first(given.list('phases.sentinel')) ?? defaults.sentinel,
  }
}

function usualPhases(quickForm: boolean): PhasePlan {
  const { brokerWarmupSeconds, order, ...others } = DEFAULTS.phases
  const form = quickForm ? 'quickForm' : 'file'
  return {
    ...others,
    brokerWarmupSeconds: brokerWarmupSeconds[form],
    order: order[form],
    measureMessagesMin: null,
    messagesPerProducer: null,
  }
}

function first<T>(list: readonly T[] | undefined): T | undefined {
  return list?.[0]
}
