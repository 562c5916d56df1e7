/** The other end of the floor, a process of its own: every message is answered by a confirm and a delivery. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { FloorPeerPorts, FloorPeerStart, MessageBytes } from './floor.ts'

process.on('disconnect', () => process.exit())
process.once('message', ({ bytes }: FloorPeerStart) => void start(bytes))

async function start(bytes: MessageBytes): Promise<void> {
  const confirm = Buffer.alloc(bytes.confirm, 120)
  const delivery = Buffer.alloc(bytes.delivery, 120)
  let consumer: Socket | null = null
  let bytesRead = 0
  const publishing = createServer({ noDelay: true }, (socket) => {
    socket.on('data', (chunk) => {
      bytesRead += chunk.length
      while (bytesRead >= bytes.published) {
        bytesRead -= bytes.published
        socket.write(confirm)
        consumer?.write(delivery)
      }
    })
  })
  const consuming = createServer({ noDelay: true }, (socket) => {
    consumer = socket
    socket.resume()
  })
  const ports: FloorPeerPorts = { publishPort: await portOf(publishing), consumePort: await portOf(consuming) }
  process.send?.(ports)
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
