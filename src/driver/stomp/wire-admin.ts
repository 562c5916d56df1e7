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
import { subscribeHeaders } from './broker-dialect.ts'
import { removeKept } from './kept-subscriptions.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'

/** A queue counts as empty when nothing has come from it for so long. */
const QUIET_MS = 250
/** A queue that fills as fast as it is emptied is given up after this. */
const EMPTYING_MS_MAX = 30_000
const PREFETCH = 1000

/** @throws DriverError */
export async function openWireAdmin(endpoint: Endpoint, options: ConnectOptions): Promise<Admin> {
  const admin = new WireAdmin(endpoint, options)
  admin.attach(await WireSession.open(endpoint, options, admin))
  return admin
}

class WireAdmin implements Admin, SessionOwner {
  readonly #endpoint: Endpoint
  readonly #options: ConnectOptions
  #session!: WireSession
  #received = 0
  #emptyings = 0
  #lost: DriverError | null = null

  constructor(endpoint: Endpoint, options: ConnectOptions) {
    this.#endpoint = endpoint
    this.#options = options
  }

  attach(session: WireSession): void {
    this.#session = session
  }

  get identity(): BrokerIdentity {
    return this.#session.identity
  }

  /** STOMP declares nothing: the first SEND or SUBSCRIBE makes the destination. */
  declare(destination: Destination, spec: DeclareSpec): Promise<void> {
    const names = Object.keys(spec.arguments)
    if (names.length === 0) return Promise.resolve()
    const sentence = `STOMP cannot declare ${destination.kind} ${destination.name} with arguments (${names.join(', ')})`
    return Promise.reject(new DriverError('unsupported', sentence))
  }

  async remove(
    destination: Destination,
    _clientIds: readonly string[],
    kept: readonly KeptSubscription[] = [],
  ): Promise<Removal> {
    if (!(await removeKept(this.#endpoint, this.#options, destination, kept))) return 'remains'
    const { dialect } = this.#session
    // Both delete a destination that is empty and that nobody uses.
    const leavesByItself = dialect === 'Artemis' || dialect === 'brokermark embedded'
    if (destination.kind === 'topic') return leavesByItself || dialect === 'RabbitMQ' ? 'removed' : 'remains'
    const isEmpty = await this.#empty(destination)
    if (!isEmpty) return 'remains'
    return leavesByItself ? 'removed' : 'emptied'
  }

  async close(): Promise<void> {
    await this.#session.close()
  }

  onMessage(): void {
    this.#received++
  }

  onReceipt(): void {
    // Only receipts with names are asked for here.
  }

  onTurnEnd(): void {
    // Nothing is gathered over a turn.
  }

  onBlocked(): void {
    // One frame at a time: nothing to hold back.
  }

  onDrain(): void {
    // See onBlocked.
  }

  onLost(cause: DriverError): void {
    this.#lost = cause
  }

  /** Consumes until nothing comes any more. False where there was no end to it. */
  async #empty(destination: Destination): Promise<boolean> {
    this.#throwIfLost()
    const ask = { destination, acknowledge: { kind: 'auto' }, prefetch: PREFETCH, bodyBytesMax: 65_536 } as const
    // Several queues may be emptied at a time.
    const id = `emptying-${this.#emptyings++}`
    const headers = subscribeHeaders(this.#session.dialect, ask, id)
    await this.#session.request('SUBSCRIBE', headers, `subscribe-${id}`, this.#options.timeoutMs)
    const untilMs = performance.now() + EMPTYING_MS_MAX
    let isQuiet = false
    while (!isQuiet && performance.now() < untilMs) {
      const receivedBefore = this.#received
      await quietTime()
      this.#throwIfLost()
      isQuiet = this.#received === receivedBefore
    }
    await this.#session.request('UNSUBSCRIBE', { id }, `unsubscribe-${id}`, this.#options.timeoutMs)
    return isQuiet
  }

  #throwIfLost(): void {
    if (this.#lost !== null) throw this.#lost
  }
}

function quietTime(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, QUIET_MS)
  })
}
