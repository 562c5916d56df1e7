import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** Hands out ports one by one; made by `reservePorts`. */
export interface PortSource {
  /** @throws Error when more are taken than were asked for */
  readonly takePort: () => number
  /** Every port handed out so far. */
  readonly taken: readonly number[]
}

/**
 * Finds ports of 127.0.0.1 that are free now, by letting the system choose them all at once. They are released before
 * this returns, so another process can still be faster.
 */
export async function reservePorts(count: number): Promise<PortSource> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere))
  const ports = servers.map(portOf)
  await Promise.all(servers.map(closed))
  const taken: number[] = []
  return {
    taken,
    takePort: () => {
      const port = ports[taken.length]
      if (port === undefined) throw new Error(`more than ${count} ports were taken`)
      taken.push(port)
      return port
    },
  }
}

async function listenAnywhere(): Promise<Server> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port')
  return address.port
}

async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
