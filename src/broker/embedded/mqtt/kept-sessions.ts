import type { EmbeddedBroker } from '../embedded-broker.ts'
import { KeptSession } from './kept-session.ts'
import { SharedGroup } from './sources.ts'

/** The longest time that a timer takes. */
const TIMER_SECONDS_MAX = 2_147_483

const OF_BROKER = new WeakMap<EmbeddedBroker, KeptSessions>()

/** All MQTT sessions and shared subscriptions of one broker. */
export class KeptSessions {
  readonly #broker: EmbeddedBroker
  readonly #sessions = new Map<string, KeptSession>()
  readonly #groups = new Map<string, SharedGroup>()
  readonly #expiries = new Map<string, NodeJS.Timeout>()

  constructor(broker: EmbeddedBroker) {
    this.#broker = broker
  }

  static of(broker: EmbeddedBroker): KeptSessions {
    const known = OF_BROKER.get(broker) ?? new KeptSessions(broker)
    OF_BROKER.set(broker, known)
    return known
  }

  /** The session of that client id, taken from whoever has it. @param clean not an older one. */
  open(clientId: string, clean: boolean): { readonly session: KeptSession; readonly isPresent: boolean } {
    clearTimeout(this.#expiries.get(clientId))
    this.#expiries.delete(clientId)
    this.#sessions.get(clientId)?.holder?.takeOver()
    // Asked again: a session that was not to be kept went with its holder.
    const known = this.#sessions.get(clientId)
    if (known !== undefined && !clean) return { session: known, isPresent: true }
    known?.end()
    const session = new KeptSession(clientId, this.#broker)
    this.#sessions.set(clientId, session)
    return { session, isPresent: false }
  }

  /** The connection is gone. @param expirySeconds for which the session is kept: 0 to Infinity. */
  leave(session: KeptSession, expirySeconds: number): void {
    session.detach()
    const { clientId } = session
    if (expirySeconds === 0) {
      this.#forget(session)
    } else if (expirySeconds <= TIMER_SECONDS_MAX) {
      const expiry = setTimeout(() => this.#forget(session), expirySeconds * 1000)
      expiry.unref()
      this.#expiries.set(clientId, expiry)
    }
  }

  /** The group that shares a topic under a name. */
  group(name: string, topic: string): SharedGroup {
    const key = `${name}/${topic}`
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    const group = new SharedGroup(this.#broker, topic, () => this.#groups.delete(key))
    this.#groups.set(key, group)
    return group
  }

  #forget(session: KeptSession): void {
    session.end()
    this.#expiries.delete(session.clientId)
    this.#sessions.delete(session.clientId)
  }
}
