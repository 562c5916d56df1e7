/** Whom a case talks to: a broker of the command line's, or something that only looks like one. */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { makeCertificates } from '../../support/certificates.ts'
import { startCommand } from './command.ts'
import type { GatePeer } from './gate-case.ts'

export interface StartedPeer {
  readonly target: string
  /** What a user would type to have it too; null where it is no broker. */
  readonly shown: string | null
  stop(): Promise<void>
}

/** A broker of another product takes its time. */
const READY_WITHIN_MS = 60_000
const MQTT_QUOTA_EXCEEDED = Buffer.from([0x20, 0x03, 0x00, 0x97, 0x00])
const CONNECTED = 'CONNECTED\nversion:1.2\n\n\0'

/** @param folder for its files. @throws Error with its last words when it does not come up. */
export async function startPeer(peer: GatePeer, folder: string): Promise<StartedPeer> {
  switch (peer.kind) {
    case 'broker':
      return startBroker(peer.named, peer.scheme ?? 'stomp', peer.login ?? '', folder, peer.named)
    case 'untrusted-broker': {
      const { serverCertificatePath, serverKeyPath } = makeCertificates(folder)
      const named = (certificate: string, key: string): string =>
        `embedded:?tlsCertificate=${certificate}&tlsKey=${key}`
      const shown = named('CERTIFICATE.pem', 'KEY.pem')
      return startBroker(named(serverCertificatePath, serverKeyPath), 'stomp+ssl', '', folder, shown)
    }
    case 'nobody': {
      const free = await listen(() => undefined)
      await free.close()
      return { target: `stomp://127.0.0.1:${free.port}`, shown: null, stop: () => Promise.resolve() }
    }
    case 'mute':
      return startServer('stomp', () => undefined)
    case 'web-server':
      return startServer('stomp', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'))
    case 'twice-connected':
      return startServer('stomp', (socket) => socket.write(CONNECTED))
    case 'over-quota':
      return startServer('mqtt', (socket) => socket.end(MQTT_QUOTA_EXCEEDED), '?version=5')
  }
}

async function startBroker(
  named: string,
  scheme: string,
  login: string,
  folder: string,
  shown: string,
): Promise<StartedPeer> {
  const { child, stdout, stderr, ended } = startCommand(['broker', named], folder)
  const deadline = Date.now() + READY_WITHIN_MS
  for (;;) {
    const url = stdout()
      .split('\n')
      .find((line) => line.startsWith(`${scheme}://`))
    if (url !== undefined) {
      const stop = async (): Promise<void> => {
        child.kill('SIGINT')
        await ended
      }
      return { target: url.replace('://', `://${login}`), shown: `brokermark broker ${quoted(shown)}`, stop }
    }
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGINT')
      throw new Error(`brokermark broker ${named}: ${stderr()}`)
    }
    await delay(50)
  }
}

/** Something at a port that does the same whenever somebody has said something. */
async function startServer(scheme: string, answer: (socket: Socket) => unknown, query = ''): Promise<StartedPeer> {
  const { port, close } = await listen((socket) => {
    socket.on('data', () => answer(socket))
  })
  return { target: `${scheme}://127.0.0.1:${port}${query}`, shown: null, stop: close }
}

async function listen(onSocket: (socket: Socket) => void): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket))
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port: (server.address() as AddressInfo).port, close }
}

/** As a shell wants it. */
export function quoted(word: string): string {
  return /^[\w:/.,=@+-]+$/.test(word) ? word : `'${word}'`
}
