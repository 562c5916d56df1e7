import type { Attach } from '../../../protocol/amqp10/attach.ts'

/** What a link leads to. */
export interface LinkDestination {
  readonly kind: 'queue' | 'topic'
  readonly name: string
}

/** Why there is no such link. */
interface Refused {
  readonly kind: 'refused'
  /** A symbol of the specification. */
  readonly condition: string
  readonly description: string
}

const SPELLED = /^(queue|topic):\/\/(.+)$/s

/**
 * The queue or topic that an attach asks for: `NAME` with the capability `queue` or `topic` as Artemis has it, or
 * `queue://NAME`, `topic://NAME` as ActiveMQ has it. A plain name is a queue.
 */
export function destinationOf({ isReceiver, source, target }: Attach): LinkDestination | Refused {
  const terminus = isReceiver ? source : target
  if (terminus?.isCoordinator === true) return refused('amqp:not-implemented', 'there are no transactions here')
  const address = terminus?.address ?? ''
  if (address === '') return refused('amqp:not-implemented', 'a link needs an address')
  const [, spelledKind, name = address] = SPELLED.exec(address) ?? []
  const isTopic = spelledKind === 'topic' || terminus?.capabilities.includes('topic') === true
  const isMore = terminus?.expiryPolicy === 'never' || terminus?.capabilities.includes('shared') === true
  if (isReceiver && isTopic && isMore) return refused('amqp:not-implemented', 'subscriptions end with their link here')
  return { kind: isTopic ? 'topic' : 'queue', name }
}

function refused(condition: string, description: string): Refused {
  return { kind: 'refused', condition, description }
}
