import { randomUUID } from 'node:crypto'
import { DriverError } from '../driver-error.ts'
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
import { terminiOf } from './address.ts'
import { isRabbitPlugin } from './broker-kind.ts'
import { DELIVERIES_MIN, RheaConnection } from './connection.ts'
import { emptyQueue } from './empty-queue.ts'
import { removeKept } from './kept-subscriptions.ts'
import { emptyByWire } from './wire-admin.ts'

/** A queue that is not empty after this time remains. */
const EMPTY_TIMEOUT_MS = 30_000

const BUFFERS = { incoming: DELIVERIES_MIN, outgoing: DELIVERIES_MIN }

/** @throws DriverError */
export async function openAdmin(endpoint: Endpoint, options: ConnectOptions): Promise<Admin> {
  const connect = (): Promise<RheaConnection> =>
    // ActiveMQ refuses a second connection of the same container.
    RheaConnection.open(endpoint, options, `brokermark-admin-${randomUUID()}`, BUFFERS)
  return new RheaAdmin(await connect(), connect, endpoint, options)
}

/** AMQP 1.0 has no commands for queues: one comes into being when a link is attached to it, and can only be emptied. */
class RheaAdmin implements Admin {
  readonly identity: BrokerIdentity
  readonly #connection: RheaConnection
  readonly #connect: () => Promise<RheaConnection>
  readonly #endpoint: Endpoint
  readonly #options: ConnectOptions
  /** Declarations take turns: one that is refused ends the session on RabbitMQ. */
  #declared: Promise<unknown> = Promise.resolve()

  constructor(
    connection: RheaConnection,
    connect: () => Promise<RheaConnection>,
    endpoint: Endpoint,
    options: ConnectOptions,
  ) {
    this.identity = connection.identity
    this.#connection = connection
    this.#connect = connect
    this.#endpoint = endpoint
    this.#options = options
  }

  /** @throws DriverError `unsupported` with arguments, `not-permitted` where the broker makes no queues on attaching. */
  async declare(destination: Destination, spec: DeclareSpec): Promise<void> {
    const names = Object.keys(spec.arguments)
    if (names.length > 0) {
      throw new DriverError('unsupported', `AMQP 1.0 cannot declare a queue with arguments (${names.join(', ')})`)
    }
    if (destination.kind === 'topic') return
    const turn = this.#declared.then(() => this.#attachOnce(destination, spec.durable))
    this.#declared = turn.catch(() => undefined)
    await turn
  }

  async remove(
    destination: Destination,
    _clientIds: readonly string[],
    kept: readonly KeptSubscription[] = [],
  ): Promise<Removal> {
    if (!(await removeKept(this.#endpoint, this.#options, destination, kept))) return 'remains'
    // RabbitMQ's plugin leaves the queue of each subscriber behind, under a name that only its management knows.
    if (destination.kind === 'topic') return isRabbitPlugin(this.identity) ? 'remains' : 'emptied'
    if (isRabbitPlugin(this.identity)) {
      // It cannot drain a link, and rhea does not pass on what it says of itself instead.
      return (await emptyByWire(this.#endpoint, this.#options, destination)) ? 'emptied' : 'remains'
    }
    try {
      // A connection for each, because several may be emptied at a time.
      const connection = await this.#connect()
      await this.#empty(connection, destination).finally(() => connection.close())
      return 'emptied'
    } catch {
      // Whatever the reason, the caller can do no more about it than to list the queue as left behind.
      return 'remains'
    }
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  async #attachOnce(destination: Destination, durable: boolean): Promise<void> {
    const attempted = `declaring queue ${destination.name}`
    const deadline = AbortSignal.timeout(this.#options.timeoutMs)
    const termini = terminiOf(destination, this.identity, durable)
    const sender = await this.#connection.attach(termini, attempted, deadline, (rheaConnection, target) =>
      rheaConnection.open_sender({ target }),
    )
    const detached = new Promise((resolve) => sender.once('sender_close', resolve))
    sender.close()
    await this.#connection.opening(detached, attempted, deadline)
  }

  async #empty(connection: RheaConnection, destination: Destination): Promise<void> {
    const attempted = `emptying queue ${destination.name}`
    const deadline = AbortSignal.timeout(EMPTY_TIMEOUT_MS)
    const termini = terminiOf(destination, this.identity, true)
    const receiver = await connection.attach(termini, attempted, deadline, (rheaConnection, source) =>
      rheaConnection.open_receiver({ source, credit_window: 0, autoaccept: false, snd_settle_mode: 1 }),
    )
    await connection.opening(emptyQueue(receiver), attempted, deadline)
  }
}
