import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { test } from 'node:test'
import { stompLibrary } from '../../../src/driver/stomp/library.ts'
import { eventually } from '../eventually.ts'
import { bodyOf, textOf } from '../../../src/driver/stomp/library-text-body.ts'
import { endpointOf } from '../../support/endpoint-of.ts'

test('every byte survives the way as text of ISO 8859-1', () => {
  const body = Uint8Array.from({ length: 256 }, (_, index) => index)
  const text = textOf(body.subarray(0))
  // What the broker hands out is UTF-8, which the library decodes.
  const received = { headers: { 'brokermark-body': 'latin1' }, body: Buffer.from(text, 'utf8').toString('utf8') }
  assert.deepEqual(Uint8Array.from(bodyOf(received as unknown as Parameters<typeof bodyOf>[0])), body)
})

test('a broker that repeats the password in its refusal does not get it into the error', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end('ERROR\nmessage:no user with open-sesame\n\nopen-sesame is wrong\0'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = {
    ...endpointOf(`stomp://127.0.0.1:${(server.address() as AddressInfo).port}`),
    username: 'someone',
    password: 'open-sesame',
  }
  await assert.rejects(stompLibrary.openAdmin(endpoint, { timeoutMs: 60_000 }), (error: Error) => {
    assert.match(error.message, /no user with \*\*\*/)
    assert.ok(!error.message.includes('open-sesame'))
    return true
  })
  server.close()
})

test('the version of the library is told', () => {
  assert.match(stompLibrary.clientVersion, /^@stomp\/stompjs \d+\.\d+\.\d+$/)
})

test('heart-beats are offered, and each interval that the broker wants one in gets two', async (context) => {
  const heard: string[] = []
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    sockets.push(socket)
    socket.on('data', (chunk) => heard.push(chunk.toString()))
    socket.once('data', () => socket.write('CONNECTED\nversion:1.2\nheart-beat:0,30000\n\n\0'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const endpoint = endpointOf(`stomp://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const timers: { readonly everyMs: number; readonly beat: () => void }[] = []
  const setIntervalAsIs = globalThis.setInterval
  context.mock.method(globalThis, 'setInterval', (beat: () => void, everyMs: number) => {
    timers.push({ everyMs, beat })
    return setIntervalAsIs(() => undefined, 2 ** 30).unref()
  })
  const admin = await stompLibrary.openAdmin(endpoint, { timeoutMs: 60_000 })
  assert.match(heard[0] ?? '', /\nheart-beat:30000,30000\n/)
  assert.deepEqual(timers.map(({ everyMs }) => everyMs).sort(), [15_000, 30_000])
  for (const { beat } of timers) beat()
  await eventually(() => heard.slice(1).join('') === '\n\n', 'two heart-beats')
  for (const socket of sockets) socket.destroy()
  await admin.close()
})
