import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { DriverError } from '../driver/driver-error.ts'
import { connectError } from './connect-error.ts'
import type { Connection } from './connection.ts'
import type { Opening } from './open-connection.ts'
import { SocketConnection } from './socket-connection.ts'
import { tlsOptions } from './tls-options.ts'

/**
 * Every socket of the thread reads into this: a chunk is parsed before the next read, so one buffer is enough, stays in
 * the cache, and holds two of the largest usual messages.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024)

/** Opens a TCP or TLS stream. @throws DriverError */
export function openSocket(opening: Opening): Promise<Connection> {
  const { endpoint, peer, options, events, signal } = opening
  const isTls = endpoint.transport === 'tls'
  return new Promise((resolve, reject) => {
    let connection: SocketConnection | null = null
    const onread = {
      buffer: READ_BUFFER,
      callback: (length: number, buffer: Uint8Array): boolean => {
        connection?.received(buffer, length)
        return true
      },
    }
    const socket = isTls ? startTls(opening, onread) : connect({ host: endpoint.host, port: endpoint.port, onread })
    const fail = (error: Error): void => {
      reject(connectError(error, peer, isTls))
    }
    const give = (): void => {
      socket.destroy()
    }
    signal.addEventListener('abort', give, { once: true })
    socket.once('error', fail)
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      socket.off('error', fail)
      signal.removeEventListener('abort', give)
      const messagePerWrite = options.messagePerWrite ?? false
      connection = new SocketConnection(socket, { peer, isTls, readsAreShared: true, messagePerWrite }, events)
      resolve(connection)
    })
  })
}

function startTls(
  opening: Opening,
  onread: { readonly buffer: Buffer; readonly callback: (length: number, buffer: Uint8Array) => boolean },
): Socket {
  const { endpoint, peer } = opening
  // `onread` is documented for tls.connect and missing in its type: it gets by as a property that the type does not name.
  const connectOptions = { host: endpoint.host, port: endpoint.port, onread, ...tlsOptions(endpoint) }
  try {
    return connectTls(connectOptions)
  } catch (error) {
    throw new DriverError('authentication', `cannot connect to ${peer}: the CA, certificate or key is not usable PEM`, {
      cause: error,
    })
  }
}
