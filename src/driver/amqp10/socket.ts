import '../../transport/address-attempts.ts'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Endpoint } from '../endpoint.ts'

const KEEP_ALIVE_MS = 30_000

/** Opens TCP or TLS to the endpoint; `connected` is called when bytes may flow. Errors come as the socket's events. */
export function openSocket(endpoint: Endpoint, connected: () => void): Socket {
  const { host, port, tls } = endpoint
  const socket =
    tls === null
      ? connectTcp({ host, port }, connected)
      : connectTls(
          {
            host,
            port,
            rejectUnauthorized: tls.verify,
            ...(tls.ca === null ? {} : { ca: tls.ca }),
            ...(tls.certificate === null ? {} : { cert: tls.certificate }),
            ...(tls.key === null ? {} : { key: tls.key }),
            ...serverName(tls.serverName ?? host),
          },
          connected,
        )
  // Off by default: a frame would wait for the peer's delayed TCP acknowledgement of the one before.
  socket.setNoDelay(true)
  socket.setKeepAlive(true, KEEP_ALIVE_MS)
  return socket
}

/** An address cannot be sent as a server name; without one the certificate is verified against the host. */
function serverName(name: string): { readonly servername?: string } {
  return isIP(name) === 0 ? { servername: name } : {}
}
