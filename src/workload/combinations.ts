/**
 * What no single leaf can get wrong: combinations that would deadlock, measure nothing or mean nothing. Each sentence
 * names what to change. Pure; runs on complete settings, after defaults.
 */
import { DEFAULTS, TIMED_MESSAGE_BYTES_MIN } from './defaults.ts'
import { messageTimes } from './message-times.ts'
import { OPEN_MODEL_PATHS, type LeafPath } from './leaves.ts'
import type { GivenLeaves } from './read-leaves.ts'
import type { Problem } from './problem.ts'
import type { CrewSize, Variant, Workload } from './workload.ts'

type Checked = Pick<Workload, 'messageBytes' | 'crews' | 'variants' | 'phases'>

/** All impossible combinations, each once, at the leaf that is most likely to change. */
export function impossibleCombinations(workload: Checked, given: GivenLeaves): readonly Problem[] {
  const problems = [
    ...rateProblems(given),
    ...phaseProblems(workload, given),
    ...workload.crews.flatMap((crew) => crewProblems(crew, given)),
    ...workload.variants.flatMap((variant) => [
      ...deliveryProblems(variant, given),
      ...destinationProblems(variant, given),
      ...workload.crews.flatMap((crew) => layoutProblems(variant, crew, given)),
    ]),
  ]
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}

/** Things that can be run and that the user should know before: one sentence each. */
export function cautionsOf(workload: Checked): readonly string[] {
  const cautions: string[] = []
  const untimed = workload.messageBytes.filter((bytes) =>
    workload.variants.some(({ load }) => messageTimes(load, bytes) === 'unknown'),
  )
  if (untimed.length > 0) {
    const sizes = untimed.join(', ')
    cautions.push(
      `messages of ${sizes} bytes have no room for a time (${TIMED_MESSAGE_BYTES_MIN} bytes do): there is no end-to-end latency for them in a closed model, or where slots are skipped`,
    )
  }
  if (
    workload.crews.some((crew) => crew.producers === 0) &&
    workload.variants.some((one) => one.destination.name === null)
  ) {
    cautions.push(
      'consumers alone on a queue of this run find nothing in it: destination.name (with destination.declare=false) names one that another run fills',
    )
  }
  return cautions
}

function rateProblems(given: GivenLeaves): readonly Problem[] {
  const models = given.list('load.model') ?? [DEFAULTS.load.model]
  const problems: Problem[] = []
  const rates = (['load.ratePerSecond', 'load.ratePerProducer'] as const).filter((path) => given.has(path))
  const hasSteps =
    (given.list('load.arrivals') ?? []).every(({ kind }) => kind === 'steps') && given.has('load.arrivals')
  if (models.includes('open') && rates.length === 0 && !hasSteps) {
    problems.push({
      path: given.at('load.model'),
      text: 'an open model needs a rate: set load.ratePerSecond (-r), the total over all producers, or load.ratePerProducer',
    })
  }
  if (rates.length > 1) {
    problems.push({
      path: given.at('load.ratePerProducer'),
      text: 'there is load.ratePerSecond already: remove one of the two',
    })
  }
  for (const path of OPEN_MODEL_PATHS) {
    if (!models.includes('open') && given.has(path)) {
      problems.push({
        path: given.at(path),
        text: 'a closed model has no schedule: set load.model to open, or remove this',
      })
    }
  }
  return problems
}

function phaseProblems(workload: Checked, given: GivenLeaves): readonly Problem[] {
  const problems: Problem[] = []
  if (workload.phases.messagesPerProducer !== null && workload.crews.some((crew) => crew.producers === 0)) {
    problems.push({
      path: given.at('phases.messagesPerProducer'),
      text: 'a number of messages per producer needs producers: measure consumers alone by time (phases.measureSeconds, -z)',
    })
  }
  return problems
}

function crewProblems(crew: CrewSize, given: GivenLeaves): readonly Problem[] {
  if (crew.producers > 0 || crew.consumers > 0) return []
  return [{ path: given.at('matrix.producers'), text: 'no producers and no consumers: there is nothing to measure' }]
}

function deliveryProblems(variant: Variant, given: GivenLeaves): readonly Problem[] {
  const { acknowledge, prefetch } = variant.delivery
  const problems: Problem[] = []
  if (acknowledge.kind === 'every' && prefetch < acknowledge.messages) {
    problems.push({
      path: given.at('delivery.prefetch'),
      text: `${prefetch} is less than the ${acknowledge.messages} messages of one acknowledgement, so the consumer would wait for ever: set prefetch to ${acknowledge.messages} or more, or acknowledge every ${prefetch} or fewer`,
    })
  }
  return [...problems, ...transactionProblems(variant, given), ...subscriptionProblems(variant, given)]
}

function transactionProblems(variant: Variant, given: GivenLeaves): readonly Problem[] {
  const { transactionMessages, prefetch, acknowledge } = variant.delivery
  if (transactionMessages === null) return []
  const problems: Problem[] = []
  const tooSmall = (path: LeafPath, value: number, waiting: string): void => {
    if (value >= transactionMessages) return
    problems.push({
      path: given.at(path),
      text: `${value} is less than the ${transactionMessages} messages of one transaction, so ${waiting} would wait for ever: set ${path} to ${transactionMessages} or more, or make transactions smaller`,
    })
  }
  if (variant.delivery.confirm) tooSmall('load.inFlight', variant.load.inFlight, 'the producer')
  tooSmall('delivery.prefetch', prefetch, 'the consumer')
  if (acknowledge.kind !== 'each') {
    problems.push({
      path: given.at('delivery.acknowledge'),
      text: 'transactions acknowledge each message: set delivery.acknowledge to each',
    })
  }
  return problems
}

function subscriptionProblems(variant: Variant, given: GivenLeaves): readonly Problem[] {
  const { subscription } = variant.delivery
  if (subscription === 'plain' || variant.destination.kind === 'topic') return []
  return [
    {
      path: given.at('delivery.subscription'),
      text: `a ${subscription} subscription is one to a topic: set destination.kind to topic`,
    },
  ]
}

function destinationProblems(variant: Variant, given: GivenLeaves): readonly Problem[] {
  const { destination } = variant
  const declared = Object.keys(destination.arguments)
  const argumentsAt = declared[0] === undefined ? '' : given.at(`destination.arguments.${declared[0]}`)
  const problems: Problem[] = []
  if (!destination.declare && declared.length > 0) {
    problems.push({
      path: argumentsAt,
      text: 'arguments belong to a declaration, and destination.declare is false: remove one of the two',
    })
  }
  if (destination.kind === 'topic' && declared.length > 0) {
    problems.push({ path: argumentsAt, text: 'a topic is not declared with arguments: set destination.kind to queue' })
  }
  if (!destination.declare && !given.has('destination.name')) {
    problems.push({
      path: given.at('destination.declare'),
      text: 'a destination that exists already has a name: set destination.name',
    })
  }
  return problems
}

const CREW_LEAVES = ['matrix.pairs', 'matrix.producers', 'matrix.consumers'] as const

function layoutProblems(variant: Variant, crew: CrewSize, given: GivenLeaves): readonly Problem[] {
  const { layout } = variant.destination
  const { producers, consumers } = crew
  // A crew that was not understood is not the user's crew.
  const crewUnread = CREW_LEAVES.some((leaf) => given.has(leaf) && given.list(leaf) === undefined)
  if (layout === null || layout.kind === 'shared' || crewUnread) return []
  const path = given.at('destination.layout')
  if (layout.kind === 'per-pair') {
    if (producers === consumers || producers === 0 || consumers === 0) return []
    return [
      {
        path,
        text: `per-pair needs as many consumers as producers, got ${counted(producers, 'producer')} and ${counted(consumers, 'consumer')}: use shared, or { count: N }`,
      },
    ]
  }
  const problems: Problem[] = []
  if (producers > 0 && layout.count > producers) {
    problems.push({
      path,
      text: `${layout.count} destinations for ${counted(producers, 'producer')} leave some unused: use ${producers} at most`,
    })
  }
  if (consumers > 0 && layout.count > consumers) {
    problems.push({
      path,
      text: `${layout.count} destinations for ${counted(consumers, 'consumer')} leave some unread, and their messages would count as lost: use ${consumers} at most`,
    })
  }
  return problems
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`
}
