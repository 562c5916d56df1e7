import type {
  Admin,
  BrokerIdentity,
  ConnectOptions,
  DeclareSpec,
  Destination,
  KeptSubscription,
  Removal,
} from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { AmqplibConnection } from './connection.ts'
import { describeDestination, keptQueues } from './destination.ts'

/** @throws DriverError */
export async function openAdmin(endpoint: Endpoint, options: ConnectOptions): Promise<Admin> {
  const connection = await AmqplibConnection.open(endpoint, options, 'brokermark-admin')
  return new AmqplibAdmin(connection, options.timeoutMs)
}

/** Queues are declared and deleted by the protocol itself; topics are routing keys, and only what is subscribed to them durably is. */
class AmqplibAdmin implements Admin {
  readonly identity: BrokerIdentity
  readonly #connection: AmqplibConnection
  readonly #timeoutMs: number

  constructor(connection: AmqplibConnection, timeoutMs: number) {
    this.identity = connection.identity
    this.#connection = connection
    this.#timeoutMs = timeoutMs
  }

  /** @throws DriverError `not-permitted` where the queue exists with other settings. */
  async declare(destination: Destination, spec: DeclareSpec): Promise<void> {
    if (destination.kind === 'topic') return
    const attempted = `declaring ${describeDestination(destination)}`
    await this.#connection.once(attempted, this.#timeoutMs, (channel) =>
      channel.assertQueue(destination.name, { durable: spec.durable, arguments: { ...spec.arguments } }),
    )
  }

  async remove(
    destination: Destination,
    clientIds: readonly string[],
    kept: readonly KeptSubscription[] = [],
  ): Promise<Removal> {
    const queues = destination.kind === 'queue' ? [destination.name] : keptQueues(destination, clientIds, kept)
    try {
      const attempted = `deleting ${describeDestination(destination)}`
      for (const queue of queues) {
        // RabbitMQ answers the deletion of a queue that does not exist with ok.
        await this.#connection.once(attempted, this.#timeoutMs, (channel) => channel.deleteQueue(queue))
      }
      return 'removed'
    } catch {
      // Whatever the reason, the caller can do no more about it than to list the queue as left behind.
      return 'remains'
    }
  }

  /** Messages ready for delivery, without those that consumers hold unacknowledged. @throws DriverError */
  async depth(destination: Destination): Promise<number | null> {
    if (destination.kind === 'topic') return null
    const attempted = `asking for the depth of ${describeDestination(destination)}`
    const { messageCount } = await this.#connection.once(attempted, this.#timeoutMs, (channel) =>
      channel.checkQueue(destination.name),
    )
    return messageCount
  }

  close(): Promise<void> {
    return this.#connection.close()
  }
}
