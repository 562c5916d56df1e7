import { setTimeout as delay } from 'node:timers/promises'
import type { StompFrame } from '../../protocol/stomp/frame.ts'
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
import { sendHeaders, subscribeHeaders } from './broker-dialect.ts'
import { EmptyingMarks } from './emptying-marks.ts'
import { removeKept } from './kept-subscriptions.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'

/** Without a message for so long the queue is given up as not to be emptied: somebody else takes our marks. */
const PATIENCE_MS = 5_000
/** For what a consumer that has just gone held: the broker may put it back a moment later. */
const MOMENT_MS = 250
const PREFETCH = 1000
const SUBSCRIPTION = new TextEncoder().encode('subscription')

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
  /** Several queues may be emptied at a time. */
  readonly #emptyings: EmptyingMarks[] = []
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

  onMessage(frame: StompFrame): void {
    this.#emptyings[frame.numberOf(SUBSCRIPTION)]?.came(frame.body())
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
    for (const marks of this.#emptyings) marks.giveUp()
  }

  /** Consumes until nothing is left. False where there was no end to it. @throws DriverError where the session is lost */
  async #empty(destination: Destination): Promise<boolean> {
    this.#throwIfLost()
    const session = this.#session
    const marks = new EmptyingMarks((mark, persistent) => {
      session.send('SEND', sendHeaders(session.dialect, destination, persistent), new TextEncoder().encode(mark))
    })
    const id = String(this.#emptyings.push(marks) - 1)
    const ask = { destination, acknowledge: { kind: 'auto' }, prefetch: PREFETCH, bodyBytesMax: 65_536 } as const
    const headers = subscribeHeaders(session.dialect, ask, id)
    await session.request('SUBSCRIBE', headers, `subscribe-${id}`, this.#options.timeoutMs)
    let isEmpty = await marks.comeAlone(PATIENCE_MS)
    if (isEmpty) {
      await delay(MOMENT_MS)
      isEmpty = await marks.comeAlone(PATIENCE_MS)
    }
    this.#throwIfLost()
    await session.request('UNSUBSCRIBE', { id }, `unsubscribe-${id}`, this.#options.timeoutMs)
    return isEmpty
  }

  #throwIfLost(): void {
    if (this.#lost !== null) throw this.#lost
  }
}
