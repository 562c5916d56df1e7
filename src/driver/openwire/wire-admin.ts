import { removeDestination, removeSubscription } from '../../protocol/openwire/commands.ts'
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
import { emptyQueue } from './wire-empty-queue.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'

/** @throws DriverError */
export async function openWireAdmin(endpoint: Endpoint, options: ConnectOptions): Promise<Admin> {
  return new WireAdmin(endpoint, options, await WireSession.open(endpoint, options, PASSIVE, 'admin'))
}

class WireAdmin implements Admin {
  readonly #endpoint: Endpoint
  readonly #options: ConnectOptions
  readonly #session: WireSession

  constructor(endpoint: Endpoint, options: ConnectOptions, session: WireSession) {
    this.#endpoint = endpoint
    this.#options = options
    this.#session = session
  }

  get identity(): BrokerIdentity {
    return this.#session.identity
  }

  /** OpenWire declares nothing: the first producer or consumer makes the destination. */
  declare(destination: Destination, spec: DeclareSpec): Promise<void> {
    const names = Object.keys(spec.arguments)
    if (names.length === 0) return Promise.resolve()
    const sentence = `OpenWire cannot declare ${destination.kind} ${destination.name} with arguments (${names.join(', ')})`
    return Promise.reject(new DriverError('unsupported', sentence))
  }

  /** Durable subscriptions keep a topic: those that are named go with it, and those that bear the name of their client. */
  async remove(
    destination: Destination,
    clientIds: readonly string[],
    kept: readonly KeptSubscription[] = [],
  ): Promise<Removal> {
    if (await this.#isRemoved(destination)) return 'removed'
    // Not permitted, or somebody subscribes to it.
    if (destination.kind === 'queue') {
      return (await emptyQueue(this.#endpoint, this.#options, destination)) ? 'emptied' : 'remains'
    }
    const named = kept.map(({ clientId, subscription }) => ({ clientId, name: subscription.name }))
    for (const subscription of [...named, ...clientIds.map((clientId) => ({ clientId, name: clientId }))]) {
      await this.#asks((commandId, connectionId) => removeSubscription(commandId, connectionId, subscription))
    }
    return (await this.#isRemoved(destination)) ? 'removed' : 'remains'
  }

  #isRemoved(destination: Destination): Promise<boolean> {
    return this.#asks((commandId, connectionId) => removeDestination(commandId, connectionId, destination))
  }

  /** False where the broker refuses. @throws DriverError where the session is lost */
  async #asks(encode: (commandId: number, connectionId: string) => Uint8Array): Promise<boolean> {
    const { connectionId } = this.#session.id
    try {
      await this.#session.request((commandId) => encode(commandId, connectionId), 'removing', this.#options.timeoutMs)
      return true
    } catch (error) {
      if (!this.#session.isOpen) throw error
      return false
    }
  }

  async close(): Promise<void> {
    await this.#session.close()
  }
}

function ignore(): void {
  // One request at a time: nothing is delivered or held back, and a loss is the error of the next request.
}

const PASSIVE: SessionOwner = {
  onDispatch: ignore,
  onAnswer: ignore,
  onTurnEnd: ignore,
  onBlocked: ignore,
  onDrain: ignore,
  onLost: ignore,
}
