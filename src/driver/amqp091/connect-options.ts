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

/**
 * Socket and credentials. SASL EXTERNAL with a client certificate and no user, PLAIN otherwise; without a user `guest`,
 * which RabbitMQ accepts from its own host only.
 * @param connectionName shown by RabbitMQ's management interface.
 */
export function socketOptions(endpoint: Endpoint, connectionName: string, timeoutMs: number): SocketOptions {
  const { tls, username, password } = endpoint
  return {
    // Off in amqplib: a body written after its header would wait for the peer's delayed TCP acknowledgement.
    noDelay: true,
    keepAlive: true,
    timeout: timeoutMs,
    clientProperties: { connection_name: connectionName },
    credentials:
      username === null && tls?.certificate != null
        ? credentials.external()
        : credentials.plain(username ?? 'guest', username === null ? 'guest' : (password ?? '')),
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
