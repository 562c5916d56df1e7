/** Which process listens on a TCP port of this machine: /proc/net/tcp names the socket, /proc/PID/fd its owner. */
import { readdirSync, readlinkSync } from 'node:fs'
import { readText } from './system-file.ts'
import { readProcessStat, withProgramName, type ProcessStat } from './proc-stat.ts'
import { allPids } from './process-tree.ts'

/** A listening TCP socket. */
export interface Listener {
  /** `127.0.0.1`, `0.0.0.0`, `::` ...; a mapped IPv4 address is given as IPv4. */
  readonly address: string
  readonly port: number
  readonly inode: string
}

export type ListenerFinding =
  | { readonly kind: 'found'; readonly owners: readonly [ProcessStat, ...ProcessStat[]] }
  /** Nothing listens there, as far as this machine's network goes. */
  | { readonly kind: 'nobody' }
  /** Something does, and its process cannot be seen: another user's, or of another pid namespace. */
  | { readonly kind: 'hidden' }

const LISTEN_STATE = '0A'
/** Linux gives its table page by page, and who stops listening meanwhile may let another be left out. */
const TABLE_READINGS_MAX = 3

/** Pure. The listening sockets in the text of /proc/net/tcp or /proc/net/tcp6. */
export function parseListeners(text: string): Listener[] {
  return text.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
    const [address, port] = (local ?? '').split(':')
    if (state !== LISTEN_STATE || address === undefined || port === undefined || inode === undefined) return []
    return [{ address: addressText(address), port: Number.parseInt(port, 16), inode }]
  })
}

/** Words of 32 bits in the machine's byte order, which is little-endian wherever brokers run. */
function addressText(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16)),
  )
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255) {
    return bytes.slice(12).join('.')
  }
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0))
  return normalAddress(groups.map((group) => group.toString(16)).join(':'))
}

/** The one spelling of an IPv6 address (RFC 5952), so that addresses can be compared; IPv4 as it is. */
export function normalAddress(address: string): string {
  if (!address.includes(':')) return address
  const host = new URL(`http://[${address.split('%')[0] ?? ''}]/`).hostname
  return host.slice(1, -1)
}

/** Pure. The sockets that a connection to `address`:`port` reaches: those on the address itself, else those on all. */
export function listenersFor(listeners: readonly Listener[], address: string, port: number): Listener[] {
  const onPort = listeners.filter((listener) => listener.port === port)
  const exact = onPort.filter((listener) => listener.address === address)
  if (exact.length > 0) return exact
  const wildcards = address.includes(':') ? ['::'] : ['0.0.0.0', '::']
  return onPort.filter((listener) => wildcards.includes(listener.address))
}

/**
 * The processes that own the socket which a connection to one of `addresses` reaches; of a family that shares it only
 * the eldest. Slow (it looks at every open file it may see): once per target. Never throws.
 */
export function findListener(addresses: readonly string[], port: number): ListenerFinding {
  let reached: Listener[] | undefined
  for (let reading = 1; reached === undefined && reading <= TABLE_READINGS_MAX; reading++) {
    const listeners = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => parseListeners(readText(path) ?? ''))
    reached = addresses.map((address) => listenersFor(listeners, address, port)).find((found) => found.length > 0)
  }
  if (reached === undefined) return { kind: 'nobody' }
  const sockets = new Set(reached.map(({ inode }) => `socket:[${inode}]`))
  const holders = allPids().filter((pid) => holdsOneOf(pid, sockets))
  const [first, ...others] = eldest(holders.flatMap((pid) => readProcessStat(pid) ?? [])).map(withProgramName)
  return first === undefined ? { kind: 'hidden' } : { kind: 'found', owners: [first, ...others] }
}

function holdsOneOf(pid: number, sockets: ReadonlySet<string>): boolean {
  let descriptors: string[]
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`)
  } catch {
    return false // Another user's process, or it has ended.
  }
  return descriptors.some((descriptor) => {
    try {
      return sockets.has(readlinkSync(`/proc/${pid}/fd/${descriptor}`))
    } catch {
      return false // Closed in the meantime.
    }
  })
}

/** Pure. Without those whose parent holds the socket too, and without an init that passed it on (socket activation). */
export function eldest(holders: readonly ProcessStat[]): ProcessStat[] {
  const serving = holders.length > 1 ? holders.filter(({ pid }) => pid !== 1) : holders
  return serving.filter(({ parentPid }) => !serving.some(({ pid }) => pid === parentPid))
}
