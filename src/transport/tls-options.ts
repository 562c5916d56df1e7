import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { Endpoint } from '../driver/endpoint.ts'

/** Options of node:tls for an endpoint. Verification is off only where the user switched it off by name. */
export function tlsOptions(endpoint: Endpoint): ConnectionOptions {
  const tls = endpoint.tls
  // Server name indication knows no addresses; node:tls then verifies the certificate against `host` itself.
  const serverName = tls?.serverName ?? (isIP(endpoint.host) === 0 ? endpoint.host : null)
  return {
    rejectUnauthorized: tls?.verify ?? true,
    ...(serverName === null ? {} : { servername: serverName }),
    ...(tls?.ca == null ? {} : { ca: tls.ca }),
    ...(tls?.certificate == null ? {} : { cert: tls.certificate }),
    ...(tls?.key == null ? {} : { key: tls.key }),
  }
}
