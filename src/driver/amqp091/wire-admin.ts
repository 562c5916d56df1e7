import { queueDeclare, queueDelete } from '../../protocol/amqp091/client-methods.ts'
import type { FieldReader } from '../../protocol/amqp091/field-reader.ts'
import { METHOD } from '../../protocol/amqp091/method.ts'
import { readDeclareOk } from '../../protocol/amqp091/server-methods.ts'
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
import { describeDestination, keptQueues } from './destination.ts'
import { CHANNEL } from './wire-handshake.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session-owner.ts'
import { spelt } from './wire-spelling.ts'

/** @throws DriverError */
export async function openWireAdmin(endpoint: Endpoint, options: ConnectOptions): Promise<Admin> {
  const owner: SessionOwner = {
    outlivesChannel: true,
    onMethod: () => false,
    onLost: () => undefined,
  }
  return new WireAdmin(await WireSession.open(endpoint, options, 'brokermark-admin', owner), options.timeoutMs)
}

/**
 * Queues are declared and deleted by the protocol itself; topics are routing keys and need neither, but for the queues of
 * durable subscriptions. One operation at a
 * time; an operation that the broker refuses costs the channel, and the next opens another.
 */
class WireAdmin implements Admin {
  readonly identity: BrokerIdentity
  readonly #session: WireSession
  readonly #timeoutMs: number
  /** Resolves when all operations asked for so far are done. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(session: WireSession, timeoutMs: number) {
    this.identity = session.identity
    this.#session = session
    this.#timeoutMs = timeoutMs
  }

  /** @throws DriverError `not-permitted` where the queue exists with other settings. */
  async declare(destination: Destination, spec: DeclareSpec): Promise<void> {
    if (destination.kind === 'topic') return
    const declaration = {
      queue: destination.name,
      durable: spec.durable,
      arguments: new Map(Object.entries(spec.arguments)),
    }
    await this.#inTurn(
      () => queueDeclare(CHANNEL, declaration),
      METHOD.queueDeclareOk,
      readDeclareOk,
      `declaring ${describeDestination(destination)}`,
    )
  }

  async remove(
    destination: Destination,
    clientIds: readonly string[],
    kept: readonly KeptSubscription[] = [],
  ): Promise<Removal> {
    const queues = destination.kind === 'queue' ? [destination.name] : keptQueues(destination, clientIds, kept)
    try {
      for (const queue of queues) await this.#delete(queue, `deleting ${describeDestination(destination)}`)
      return 'removed'
    } catch {
      // Whatever the reason, the caller can do no more about it than to list the queue as left behind.
      return 'remains'
    }
  }

  /** Messages ready for delivery, without those that consumers hold unacknowledged. @throws DriverError */
  async depth(destination: Destination): Promise<number | null> {
    if (destination.kind === 'topic') return null
    const { messages } = await this.#inTurn(
      () => queueDeclare(CHANNEL, { queue: destination.name, passive: true }),
      METHOD.queueDeclareOk,
      readDeclareOk,
      `asking for the depth of ${describeDestination(destination)}`,
    )
    return messages
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined)
    await this.#session.close()
  }

  /** RabbitMQ answers the deletion of a queue that does not exist with ok. */
  #delete(queue: string, attempted: string): Promise<void> {
    return this.#inTurn(
      () => queueDelete(CHANNEL, queue),
      METHOD.queueDeleteOk,
      () => undefined,
      attempted,
    )
  }

  #inTurn<T>(frame: () => Uint8Array, answer: number, read: (fields: FieldReader) => T, attempted: string): Promise<T> {
    const work = async (): Promise<T> => {
      const encoded = spelt(frame)
      if (!this.#session.isChannelOpen) await this.#session.openChannel(this.#timeoutMs)
      return this.#session.ask(encoded, answer, read, attempted, this.#timeoutMs)
    }
    const result = this.#last.then(work, work)
    this.#last = result.catch(() => undefined)
    return result
  }
}
