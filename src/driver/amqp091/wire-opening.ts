import { connectionOpen, startOk, tuneOk, type Tuning } from '../../protocol/amqp091/client-methods.ts'
import type { FieldReader } from '../../protocol/amqp091/field-reader.ts'
import { PROTOCOL_HEADER } from '../../protocol/amqp091/frame.ts'
import { METHOD } from '../../protocol/amqp091/method.ts'
import { readStart, readTune } from '../../protocol/amqp091/server-methods.ts'
import { DriverError } from '../driver-error.ts'
import type { BrokerIdentity } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { clientProperties, identityOf, negotiate } from './wire-handshake.ts'
import type { HandshakeStep } from './wire-handshake.ts'
import { wireLogin } from './wire-login.ts'
import { spelt } from './wire-spelling.ts'

/** The session that is being opened. */
export interface OpeningSession {
  /** Kept up to date, because what an end means depends on it. */
  step: HandshakeStep
  /** What goes on, for sentences. */
  readonly attempted: string
  write(frame: Uint8Array): void
  /** @throws DriverError */
  ask<T>(
    frame: Uint8Array,
    answer: number,
    read: (fields: FieldReader) => T,
    attempted: string,
    timeoutMs: number,
  ): Promise<T>
}

/** What the handshake has settled. */
export interface Opened {
  readonly identity: BrokerIdentity
  readonly tuned: Tuning
}

/**
 * From the protocol header to connection.open-ok:
 *
 *     header ─▶ start · start-ok (login) ─▶ tune · tune-ok, open (virtual host) ─▶ open-ok
 *
 * @param connectionName shown by RabbitMQ's management interface.
 * @throws DriverError
 */
export async function openVirtualHost(
  session: OpeningSession,
  endpoint: Endpoint,
  connectionName: string,
  leftMs: () => number,
): Promise<Opened> {
  const { attempted } = session
  const start = await session.ask(PROTOCOL_HEADER, METHOD.connectionStart, readStart, attempted, leftMs())
  if (start.versionMajor !== 0 || start.versionMinor !== 9) {
    const version = `${start.versionMajor}-${start.versionMinor}`
    throw new DriverError('wrong-protocol', `${attempted}: what answers speaks AMQP ${version}, not 0-9`)
  }
  const login = wireLogin(endpoint, start.mechanisms)
  if (login === null) {
    const mechanisms = start.mechanisms.join(', ').slice(0, 100)
    throw new DriverError('authentication', `${attempted}: the broker offers no SASL mechanism but ${mechanisms}`)
  }
  session.step = 'login'
  const answer = startOk(clientProperties(connectionName), login.mechanism, login.response)
  const offered = await session.ask(answer, METHOD.connectionTune, readTune, attempted, leftMs())
  session.step = 'opening'
  const tuned = negotiate(offered, endpoint.options, attempted)
  session.write(tuneOk(tuned))
  const open = spelt(() => connectionOpen(endpoint.options['vhost'] ?? '/'))
  await session.ask(open, METHOD.connectionOpenOk, () => undefined, attempted, leftMs())
  return { identity: identityOf(start.serverProperties), tuned }
}
