/** Which addresses of this machine a host name stands for: only what can be known without asking a name server. */
import { hostname, networkInterfaces } from 'node:os'
import { isIP } from 'node:net'
import { readText } from './system-file.ts'
import { normalAddress } from './find-listener.ts'

/** Pure. Addresses of a name in the text of /etc/hosts. */
export function hostsEntries(text: string, name: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [address, ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/)
    return address !== undefined && names.some((one) => one.toLowerCase() === name.toLowerCase()) ? [address] : []
  })
}

/** @param host as in a target: a name or an address, IPv6 with or without brackets. @returns none when it is not here. */
export function localAddressesOf(host: string): string[] {
  const bare = host.replace(/^\[|\]$/g, '')
  const own = Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address))
  const here = new Set(own.map(normalAddress))
  const isHere = (address: string): boolean => address.startsWith('127.') || address === '::1' || here.has(address)
  return namedAddresses(bare).map(normalAddress).filter(isHere)
}

function namedAddresses(host: string): string[] {
  if (host === '0.0.0.0' || host === '::') return ['127.0.0.1', '::1'] // where a connection to "any" goes
  if (isIP(host) !== 0) return [host]
  if (host === 'localhost') return ['127.0.0.1', '::1']
  const listed = hostsEntries(readText('/etc/hosts') ?? '', host)
  return host === hostname() ? [...listed, '127.0.0.1', '::1'] : listed
}
