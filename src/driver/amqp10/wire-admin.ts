import { randomUUID } from 'node:crypto'
import { before } from '../deadline.ts'
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
import { removeKept } from './kept-subscriptions.ts'
import { WireEmptying } from './wire-empty-queue.ts'
import { WireLink } from './wire-link.ts'
import type { LinkOwner } from './wire-link-owner.ts'

/** A queue that is not empty after this time remains. */
const EMPTY_TIMEOUT_MS = 30_000

/** An admin's own link carries nothing: it is attached and detached, and its loss is seen by the next request. */
const NOTHING: LinkOwner = {
  onTransfer: ignore,
  onDisposition: ignore,
  onFlow: ignore,
  onTurnEnd: ignore,
  onBlocked: ignore,
  onDrain: ignore,
  onLost: ignore,
}

/** @throws DriverError */
export async function openWireAdmin(endpoint: Endpoint, options: ConnectOptions): Promise<Admin> {
  return new WireAdmin(await connect(endpoint, options, NOTHING), endpoint, options)
}

/** AMQP 1.0 has no commands for queues: one comes into being when a link is attached to it, and can only be emptied. */
class WireAdmin implements Admin {
  readonly identity: BrokerIdentity
  readonly #link: WireLink
  readonly #endpoint: Endpoint
  readonly #options: ConnectOptions
  /** Declarations take turns: there is one link. */
  #declared: Promise<unknown> = Promise.resolve()

  constructor(link: WireLink, endpoint: Endpoint, options: ConnectOptions) {
    this.identity = link.identity
    this.#link = link
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
    const isEmpty = await emptyByWire(this.#endpoint, this.#options, destination)
    return isEmpty ? 'emptied' : 'remains'
  }

  close(): Promise<void> {
    return this.#link.close()
  }

  async #attachOnce(destination: Destination, durable: boolean): Promise<void> {
    const attempted = `declaring queue ${destination.name}`
    const deadline = AbortSignal.timeout(this.#options.timeoutMs)
    const termini = terminiOf(destination, this.identity, durable)
    await this.#link.attach({ role: 'sender', isSettled: false, termini, attempted }, deadline)
    await this.#link.detach(deadline)
  }
}

/**
 * Takes everything out of a queue, on a connection of its own because several may be emptied at a time. False, whatever
 * the reason: the caller can do no more about it than to list the queue as left behind. For the admin of either client.
 */
export async function emptyByWire(
  endpoint: Endpoint,
  options: ConnectOptions,
  destination: Destination,
): Promise<boolean> {
  try {
    const emptying = new WireEmptying()
    const link = await connect(endpoint, options, emptying)
    await empty(link, emptying, destination).finally(() => link.close())
    return true
  } catch {
    return false
  }
}

/** ActiveMQ refuses a second connection of the same container. */
function connect(endpoint: Endpoint, options: ConnectOptions, owner: LinkOwner): Promise<WireLink> {
  return WireLink.open(endpoint, options, `brokermark-admin-${randomUUID()}`, owner)
}

async function empty(link: WireLink, emptying: WireEmptying, destination: Destination): Promise<void> {
  const attempted = `emptying queue ${destination.name}`
  const deadline = AbortSignal.timeout(EMPTY_TIMEOUT_MS)
  const termini = terminiOf(destination, link.identity, true)
  await link.attach({ role: 'receiver', isSettled: false, termini, attempted }, deadline)
  emptying.begin(link)
  await before(deadline, emptying.emptied, attempted)
}

function ignore(): void {
  // See NOTHING.
}
