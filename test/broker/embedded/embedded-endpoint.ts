import type { EmbeddedHandle } from '../../../src/broker/embedded/launch-embedded.ts'
import type { Transport } from '../../../src/driver/capabilities.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'

/** Where a running embedded broker is reached by a transport; no credentials, no TLS settings. */
export function embeddedEndpoint(broker: EmbeddedHandle, transport: Transport = 'tcp'): Endpoint {
  const isWebSocket = transport === 'ws' || transport === 'wss'
  return {
    protocol: 'stomp',
    transport,
    host: broker.host,
    port: isWebSocket ? broker.webSocketPort : broker.port,
    path: '/',
    options: {},
    username: null,
    password: null,
    tls: null,
  }
}
