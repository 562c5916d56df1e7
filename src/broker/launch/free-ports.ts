import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Hands out ports one by one; made by `reservePorts`. */
export interface PortSource {
  /** @throws Error when more are taken than were asked for */
  readonly takePort: () => number
  /** Every port handed out so far. */
  readonly taken: readonly number[]
}

/**
 * Finds ports of 127.0.0.1 that are free now, by letting the system choose them all at once. They are released before
 * this returns, each with the end of one connection that the listening side closed first: for the minute that such an end
 * is kept (TIME_WAIT), Linux gives the port to nobody who asks for any port, while a broker that asks for this one, with
 * SO_REUSEADDR as all of them do, has it. Another process that asks for the very same port can still be faster.
 */
export async function reservePorts(count: number): Promise<PortSource> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere))
  const ports = servers.map(portOf)
  await Promise.all(servers.map(closedAfterUse))
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

/** Accepts one connection, ends it from the listening side, and stops listening. */
async function closedAfterUse(server: Server): Promise<void> {
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const client = connect(portOf(server), '127.0.0.1').resume()
  const [socket] = await accepted
  const bothClosed = Promise.all([once(client, 'close'), once(socket, 'close')])
  socket.resume().end()
  await bothClosed
  server.close()
  await once(server, 'close')
}
