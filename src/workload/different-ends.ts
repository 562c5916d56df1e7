/**
 * Where producers and consumers speak different protocols to one broker: what they cannot both mean by one destination.
 * Pure; what only a certain broker cannot do is found out when it is connected to.
 */
import type { Destination, Protocol } from '../driver/driver.ts'
import type { Cell } from './cell.ts'
import type { Problem } from './problem.ts'

/** Separators of levels and wildcards: MQTT's, and what brokers make of them for the others (`a/b` is `a.b` there). */
const LEVELS = /[/.+#*>]/

/** What no broker can do, one sentence each; none where both ends speak the same. */
export function differentEndsProblems(cell: Pick<Cell, 'protocol' | 'consumer' | 'destination'>): readonly Problem[] {
  const { destination, protocol } = cell
  const consumerProtocol = cell.consumer?.protocol ?? protocol
  if (consumerProtocol === protocol) return []
  const isOneEnd = (one: Protocol): boolean => (protocol === one) !== (consumerProtocol === one)
  const other = (one: Protocol): Protocol => (protocol === one ? consumerProtocol : protocol)
  const problems: Problem[] = []
  if (isOneEnd('mqtt') && destination.kind === 'queue') {
    const text = `mqtt has topics only, and ${other('mqtt')} at the other end would use a queue that no mqtt client reaches: set destination.kind to topic`
    problems.push({ path: 'destination.kind', text })
  }
  if (isOneEnd('mqtt') && destination.name !== null && LEVELS.test(destination.name)) {
    const text = `brokers spell the levels of a name otherwise for mqtt (a/b) than for ${other('mqtt')} (a.b): use a name without / . + # * >`
    problems.push({ path: 'destination.name', text })
  }
  if (isOneEnd('stomp') && destination.name?.startsWith('/') === true) {
    const text = `a name that begins with / is spelled for stomp alone and means something else for ${other('stomp')}: use the plain name`
    problems.push({ path: 'destination.name', text })
  }
  return problems
}

/**
 * The destinations as one end names them. RabbitMQ's STOMP would declare a queue that it is told as `NAME` again, without
 * the arguments that the AMQP 0-9-1 end has declared it with, and be refused; `/amq/queue/NAME` is taken as it stands.
 */
export function destinationsAtEnd(
  destinations: readonly Destination[],
  end: Protocol,
  cell: Pick<Cell, 'protocol' | 'consumer' | 'destination'>,
): readonly Destination[] {
  const other = cell.consumer === null ? cell.protocol : cell.protocol === end ? cell.consumer.protocol : cell.protocol
  const hasArguments = Object.keys(cell.destination.arguments).length > 0
  if (end !== 'stomp' || other !== 'amqp091' || !hasArguments) return destinations
  return destinations.map(({ kind, name }) => ({ kind, name: `/amq/queue/${name}` }))
}
