import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'

/** A TCP proxy on loopback between a driver and its broker that can be told to misbehave. */
export interface CutProxy {
  readonly port: number
  /** The broker's answers are no longer passed on (nor lost, until `cut`). */
  holdAnswers(): void
  /** Nothing is read from the driver any more, so that its socket fills. */
  holdRequests(): void
  release(): void
  /** Resets every connection, as a power cut at the other end would. */
  cut(): void
  /** Connections made so far. */
  connections(): number
  close(): Promise<void>
}

/** Starts a proxy to `host:port` on a free port. */
export async function startCutProxy(host: string, port: number): Promise<CutProxy> {
  const pairs = new Set<{ client: Socket; server: Socket }>()
  let made = 0
  const listener = createServer((client) => {
    made++
    const server = connect({ host, port })
    const pair = { client, server }
    pairs.add(pair)
    client.pipe(server)
    server.pipe(client)
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.setNoDelay(true)
      // An error is always followed by 'close', which ends the other side.
      one.on('error', () => undefined)
      one.on('close', () => {
        pairs.delete(pair)
        other.destroy()
      })
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const cut = (): void => {
    for (const { client, server } of pairs) {
      reset(client)
      reset(server)
    }
  }
  return {
    port: (listener.address() as AddressInfo).port,
    holdAnswers: () => forEachPair(pairs, ({ client, server }) => server.unpipe(client).pause()),
    holdRequests: () => forEachPair(pairs, ({ client, server }) => client.unpipe(server).pause()),
    release: () =>
      forEachPair(pairs, ({ client, server }) => {
        // `pipe` twice would double the bytes, so both are taken apart first.
        client.unpipe(server).pipe(server)
        server.unpipe(client).pipe(client)
      }),
    cut,
    connections: () => made,
    close: async () => {
      cut()
      const closed = once(listener, 'close')
      listener.close()
      await closed
    },
  }
}

function forEachPair<Pair>(pairs: ReadonlySet<Pair>, act: (pair: Pair) => unknown): void {
  for (const pair of pairs) act(pair)
}

/** On Node 20 a reset of a socket that is ending already can leave its handle open. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
