import type { BrokerIdentity, Destination } from '../driver.ts'
import { isRabbitPlugin } from './broker-kind.ts'

/** The part of an AMQP 1.0 source or target that says where: rhea's spelling. */
export interface Terminus {
  readonly address: string
  readonly capabilities?: string | string[]
  /** 2 = unsettled state is durable: RabbitMQ's plugin declares a queue durable by it, and transient without. */
  readonly durable?: 0 | 2
  /** A source that outlives its link and its connection. */
  readonly expiry_policy?: 'never'
}

/**
 * How a broker spells a destination, best first: the next is to be tried when the broker refuses one.
 *
 * | broker | queue | topic |
 * | --- | --- | --- |
 * | ActiveMQ | `queue://NAME` | `topic://NAME` |
 * | RabbitMQ before 4 | `/queue/NAME`, which declares it; `/amq/queue/NAME` for one that exists with other settings | `/topic/NAME` |
 * | RabbitMQ 4 | `/queues/NAME`, which must exist | `/exchanges/amq.topic/NAME`, publishing only |
 * | Artemis, others | `NAME` with the capability `queue` | `NAME` with the capability `topic` |
 * In a name RabbitMQ 4 wants everything percent-encoded that a URL would, the plugin only the slash.
 * @param durable whether a queue that comes into being by this is to survive a restart.
 */
export function terminiOf(destination: Destination, identity: BrokerIdentity, durable: boolean): readonly Terminus[] {
  const { kind, name } = destination
  switch (identity.product) {
    case 'ActiveMQ':
      return [{ address: `${kind}://${name}` }]
    case 'RabbitMQ':
      return isRabbitPlugin(identity)
        ? pluginTermini(kind, name.replaceAll('/', '%2F'), durable)
        : [{ address: rabbitAddress(destination) }]
    default:
      return [{ address: name, capabilities: kind }]
  }
}

function pluginTermini(kind: Destination['kind'], name: string, durable: boolean): readonly Terminus[] {
  if (kind === 'topic') return [{ address: `/topic/${name}` }]
  return [{ address: `/queue/${name}`, durable: durable ? 2 : 0 }, { address: `/amq/queue/${name}` }]
}

function rabbitAddress({ kind, name }: Destination): string {
  return kind === 'queue' ? `/queues/${encodeURIComponent(name)}` : `/exchanges/amq.topic/${encodeURIComponent(name)}`
}
