import type { Connection } from '../../transport/connection.ts'
import type { EmbeddedBroker } from './embedded-broker.ts'
import { FIRST_BYTES_MAX, protocolOfFirstBytes } from './first-bytes.ts'
import type { Session } from './session.ts'
import { SESSIONS } from './sessions.ts'

/**
 * A connection on the one port until its first bytes tell the protocol, and then the protocol's session behind it. A
 * client whose protocol is not spoken is hung up on.
 */
export class DetectingSession implements Session {
  readonly #broker: EmbeddedBroker
  readonly #serverName: string
  #connection: Connection | null = null
  #session: Session | null = null
  /** What came while it was too little to tell. */
  #seen = new Uint8Array(0)

  constructor(broker: EmbeddedBroker, serverName: string) {
    this.#broker = broker
    this.#serverName = serverName
  }

  begin(connection: Connection): void {
    this.#connection = connection
  }

  onData(buffer: Uint8Array, start: number, end: number): void {
    if (this.#session !== null) this.#session.onData(buffer, start, end)
    else this.#detect(buffer, start, end)
  }

  onBlocked(): void {
    this.#session?.onBlocked()
  }

  onDrain(): void {
    this.#session?.onDrain()
  }

  onClose(...cause: Parameters<Session['onClose']>): void {
    this.#session?.onClose(...cause)
  }

  #detect(buffer: Uint8Array, start: number, end: number): void {
    const connection = this.#connection
    if (connection === null) return
    const known = this.#seen.length
    const first = new Uint8Array(Math.min(known + end - start, FIRST_BYTES_MAX))
    first.set(this.#seen)
    const taken = first.length - known
    first.set(buffer.subarray(start, start + taken), known)
    const protocol = protocolOfFirstBytes(first)
    if (protocol === null) {
      this.#seen = first
      return
    }
    const session = SESSIONS[protocol]?.(this.#broker, this.#serverName)
    if (session === undefined) {
      connection.destroy()
      return
    }
    this.#session = session
    session.begin(connection)
    if (known > 0) session.onData(this.#seen, 0, known)
    session.onData(buffer, start, end)
  }
}
