import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { eldest, listenersFor, parseListeners } from '../../src/probe/find-listener.ts'
import { findProbe } from '../../src/probe/find-probe.ts'
import { hostsEntries, localAddressesOf } from '../../src/probe/local-addresses.ts'
import type { ProbeRequest } from '../../src/probe/probe.ts'
import type { ProcessStat } from '../../src/probe/proc-stat.ts'
import { scratchFolder } from '../result/scratch-folder.ts'
import { startNode } from './burning-process.ts'

const request = (changes: Partial<ProbeRequest>): ProbeRequest => ({
  cgroupPath: null,
  pid: null,
  host: 'localhost',
  port: 1,
  ...changes,
})
const sourceOf = (changes: Partial<ProbeRequest>): string => {
  const finding = findProbe(request(changes))
  return finding.kind === 'found' ? finding.probe.source : finding.why
}
const server = (address: string) =>
  `require('node:net').createServer().listen(0, ${JSON.stringify(address)}, function () { console.log(this.address().port) })`

for (const [listening, ...hosts] of [
  ['127.0.0.1', '127.0.0.1', 'localhost'],
  ['0.0.0.0', '127.0.0.1', 'localhost', '0.0.0.0'],
  ['::', '127.0.0.1', '::1', '[::1]', 'localhost'],
] as const) {
  test(`a broker listening on ${listening} is found by its port`, async () => {
    const broker = startNode(server(listening))
    const port = Number(await broker.nextLine())
    for (const host of hosts) assert.equal(sourceOf({ host, port }), `pid ${broker.pid} (node), 1 process`, host)
  })
}

test('of processes that share the socket the eldest stands for all', async () => {
  // The child inherits the listening socket as its descriptor 3.
  const broker = startNode(`
    const server = require('node:net').createServer().listen(0, '127.0.0.1', () => {
      const stdio = ['ignore', 'pipe', 'inherit', server._handle.fd]
      const child = require('node:child_process').spawn('sh', ['-c', 'echo ready; exec sleep 600'], { stdio })
      process.once('exit', () => child.kill())
      child.stdout.once('data', () => console.log(server.address().port))
    })
    process.stdin.once('end', () => process.exit()).resume()`)
  const port = Number(await broker.nextLine())
  assert.match(sourceOf({ port }), new RegExp(`^pid ${broker.pid} \\(node\\), 2 processes$`))
  broker.child.stdin?.end()
})

test('a proxy in front of a container is named and gives no figure', async () => {
  const name = join(scratchFolder(), 'docker-proxy')
  symlinkSync(process.execPath, name)
  const proxy = startNode(server('0.0.0.0'), name)
  const port = Number(await proxy.nextLine())
  assert.equal(
    sourceOf({ port }),
    `port ${port} is held by docker-proxy (pid ${proxy.pid}), a proxy and not the broker: ` +
      'name a source with --broker-pid or --broker-cgroup',
  )
})

test('every way of finding nothing has its sentence', async () => {
  assert.match(sourceOf({ host: '192.0.2.1' }), /^the broker is not on this host: name a source with --broker-pid/)
  assert.match(sourceOf({ host: 'broker.example' }), /^the broker is not on this host/)
  assert.match(sourceOf({ port: 1 }), /^no process of this host listens on port 1/)
  assert.match(sourceOf({ pid: 2 ** 31 - 1 }), /^there is no process 2147483647$/)
  assert.match(sourceOf({ cgroupPath: '/none' }), /^there is no cgroup with CPU accounting at \/none$/)
  assert.match(sourceOf({ pid: process.pid }), /is brokermark itself or started it/)
  assert.match(sourceOf({ pid: process.ppid }), /is brokermark itself or started it/)
  const own = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => own.once('listening', listening))
  assert.match(sourceOf({ port: (own.address() as AddressInfo).port }), /is brokermark itself/)
  own.close()
})

test('a pid that is named comes before the listener', async () => {
  const named = startNode('console.log(0); process.stdin.resume()')
  await named.nextLine()
  assert.equal(sourceOf({ pid: named.pid, port: 1 }), `pid ${named.pid} (node), 1 process`)
})

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:EFBD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0000 100 0 0 10 0
   1: 00000000:1628 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 222 1 0000 100 0 0 10 0
   2: 0100007F:EFBD 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 333 1 0000 20 4 30 10 -1
`
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:F035 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 444 1 0000 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:EFBD 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 555 1 0000 100 0 0 10 0
   2: 000080FE00000000FF005450B69E5AFE:1628 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 666 1 0000 100 0 0 10 0
`

test('listening sockets are read from /proc/net/tcp and tcp6', () => {
  assert.deepEqual(parseListeners(TCP), [
    { address: '127.0.0.1', port: 61373, inode: '111' },
    { address: '0.0.0.0', port: 5672, inode: '222' },
  ])
  assert.deepEqual(parseListeners(TCP6), [
    { address: '::', port: 61493, inode: '444' },
    { address: '127.0.0.1', port: 61373, inode: '555' },
    { address: 'fe80::5054:ff:fe5a:9eb6', port: 5672, inode: '666' },
  ])
})

test('a connection reaches the socket on its address before the one on all addresses', () => {
  const listeners = [...parseListeners(TCP), ...parseListeners(TCP6)]
  const inodes = (address: string, port: number) => listenersFor(listeners, address, port).map(({ inode }) => inode)
  assert.deepEqual(inodes('127.0.0.1', 61373), ['111', '555'])
  assert.deepEqual(inodes('127.0.0.1', 5672), ['222'])
  assert.deepEqual(inodes('::1', 5672), [])
  assert.deepEqual(inodes('fe80::5054:ff:fe5a:9eb6', 5672), ['666'])
  assert.deepEqual(inodes('10.0.0.1', 61493), ['444'])
})

test('an init that passed the socket on is not the broker', () => {
  const process = (pid: number, parentPid: number) => ({ pid, parentPid }) as ProcessStat
  const pids = (...holders: ProcessStat[]) => eldest(holders).map(({ pid }) => pid)
  assert.deepEqual(pids(process(1, 0), process(70, 1)), [70])
  assert.deepEqual(pids(process(1, 0)), [1])
  assert.deepEqual(pids(process(70, 1), process(71, 70), process(80, 1)), [70, 80])
})

test('host names stand for addresses of this machine only where they do', () => {
  assert.deepEqual(hostsEntries('127.0.0.1 localhost\n10.1.1.1\tBroker b # old\n#10.1.1.2 c', 'broker'), ['10.1.1.1'])
  assert.deepEqual(localAddressesOf('localhost'), ['127.0.0.1', '::1'])
  assert.deepEqual(localAddressesOf('127.0.0.7'), ['127.0.0.7'])
  assert.ok(localAddressesOf(hostname()).length > 0)
  assert.deepEqual(localAddressesOf('192.0.2.1'), [])
})
