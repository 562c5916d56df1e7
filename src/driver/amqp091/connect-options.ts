import { isIP } from 'node:net'
import { credentials, type Options, type SocketOptions } from 'amqplib'
import type { Endpoint } from '../endpoint.ts'

const HEARTBEAT_SECONDS = 30

/** Where and as whom amqplib is to connect: `?vhost=` (default `/`) and `?heartbeat=` seconds (default 30, 0 none). */
export function connectOptions(endpoint: Endpoint): Options.Connect {
  return {
    protocol: endpoint.transport === 'tls' ? 'amqps' : 'amqp',
    hostname: endpoint.host,
    port: endpoint.port,
    // amqplib takes the virtual host as it stands in a URL, escaped.
    vhost: encodeURIComponent(endpoint.options['vhost'] ?? '/'),
    heartbeat: Number(endpoint.options['heartbeat'] ?? HEARTBEAT_SECONDS),
  }
}

/** A SASL mechanism with its answer, as amqplib wants it. */
export type Login = NonNullable<SocketOptions['credentials']>

/**
 * The ways to log in, to be tried in order while the broker does not have the mechanism: PLAIN with a user; EXTERNAL
 * first with a client certificate and no user; else `guest`, which RabbitMQ accepts from its own host only.
 */
export function loginsOf(endpoint: Pick<Endpoint, 'username' | 'password' | 'tls'>): readonly [Login, ...Login[]] {
  const { username, password, tls } = endpoint
  if (username !== null) return [credentials.plain(username, password ?? '')]
  const guest = credentials.plain('guest', 'guest')
  return tls?.certificate == null ? [guest] : [credentials.external(), guest]
}

/**
 * Socket, TLS and login.
 * @param connectionName shown by RabbitMQ's management interface.
 */
export function socketOptions(
  endpoint: Endpoint,
  login: Login,
  connectionName: string,
  timeoutMs: number,
): SocketOptions {
  const { tls } = endpoint
  return {
    // Off in amqplib: a body written after its header would wait for the peer's delayed TCP acknowledgement.
    noDelay: true,
    keepAlive: true,
    timeout: timeoutMs,
    clientProperties: { connection_name: connectionName },
    credentials: login,
    ...(tls === null
      ? {}
      : {
          rejectUnauthorized: tls.verify,
          ...(tls.ca === null ? {} : { ca: tls.ca }),
          ...(tls.certificate === null ? {} : { cert: tls.certificate }),
          ...(tls.key === null ? {} : { key: tls.key }),
          ...serverName(tls.serverName ?? endpoint.host),
        }),
  }
}

/** An address cannot be sent as a server name; without one the certificate is verified against the host. */
function serverName(name: string): { readonly servername?: string } {
  return isIP(name) === 0 ? { servername: name } : {}
}
