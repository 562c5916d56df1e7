import { removeDestination } from '../../protocol/openwire/commands.ts'
import { DriverError } from '../driver-error.ts'
import type { Admin, BrokerIdentity, ConnectOptions, DeclareSpec, Destination, Removal } from '../driver.ts'
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

  async remove(destination: Destination): Promise<Removal> {
    const { connectionId } = this.#session.id
    const ask = (commandId: number): Uint8Array => removeDestination(commandId, connectionId, destination)
    try {
      await this.#session.request(ask, `removing ${destination.kind} ${destination.name}`, this.#options.timeoutMs)
      return 'removed'
    } catch (error) {
      if (!this.#session.isOpen) throw error
      // Not permitted, or somebody consumes from it.
      if (destination.kind === 'topic') return 'remains'
      return (await emptyQueue(this.#endpoint, this.#options, destination)) ? 'emptied' : 'remains'
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
