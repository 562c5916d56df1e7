/** Chooses where a broker's CPU and memory are read: a cgroup, a pid, or whoever listens on its port on this host. */
import { openCgroupProbe } from './cgroup.ts'
import { findListener } from './find-listener.ts'
import { localAddressesOf } from './local-addresses.ts'
import { openPidProbe } from './proc-pid.ts'
import { readProcessStat, type ProcessStat } from './proc-stat.ts'
import type { ProbeFinding, ProbeRequest } from './probe.ts'

/**
 * Processes that hand a port on to something else: their CPU is not the broker's. Names as Linux cuts them, at 15
 * characters.
 */
const PROXIES: readonly string[] = [
  'docker-proxy',
  'com.docker.back',
  'vpnkit',
  'rootlessport',
  'rootlesskit',
  'slirp4netns',
  'pasta',
  'passt',
  'gvproxy',
  'containerd-shim',
  'conmon',
  'kubectl',
  'ssh',
  'sshd',
  'socat',
  'haproxy',
  'envoy',
  'nginx',
  'traefik',
  'stunnel',
  'stunnel4',
]

const HOW_TO_NAME = 'name a source with --broker-pid or --broker-cgroup'

/**
 * A probe for the broker, or the sentence that stands in its place. Synchronous; some milliseconds. Never throws.
 * A source that the user named and that is not there is not replaced by a guess.
 */
export function findProbe(request: ProbeRequest): ProbeFinding {
  if (process.platform !== 'linux') return none("a broker's CPU can be read on Linux only")
  if (request.cgroupPath !== null) {
    const probe = openCgroupProbe(request.cgroupPath)
    if (probe === null) return none(`there is no cgroup with CPU accounting at ${request.cgroupPath}`)
    return { kind: 'found', probe }
  }
  if (request.pid !== null) return probeOf(request.pid, [])
  return probeOfListener(request.host, request.port)
}

function probeOfListener(host: string, port: number): ProbeFinding {
  const addresses = localAddressesOf(host)
  if (addresses.length === 0) return none(`the broker is not on this host: ${HOW_TO_NAME}`)
  const finding = findListener(addresses, port)
  switch (finding.kind) {
    case 'nobody':
      return none(`no process of this host listens on port ${port}, which may lead into a container: ${HOW_TO_NAME}`)
    case 'hidden':
      return none(
        `the process that listens on port ${port} cannot be seen (another user's, or in a container): ${HOW_TO_NAME}`,
      )
    case 'found':
      return probeOfOwners(finding.owners, port)
  }
}

function probeOfOwners(owners: readonly [ProcessStat, ...ProcessStat[]], port: number): ProbeFinding {
  const proxy = owners.find(({ name }) => PROXIES.includes(name))
  if (proxy !== undefined) {
    return none(`port ${port} is held by ${proxy.name} (pid ${proxy.pid}), a proxy and not the broker: ${HOW_TO_NAME}`)
  }
  const [first, ...others] = owners
  return probeOf(
    first.pid,
    others.map(({ pid }) => pid),
  )
}

function probeOf(pid: number, otherPids: readonly number[]): ProbeFinding {
  const pids: readonly [number, ...number[]] = [pid, ...otherPids]
  if (pids.some(isOwnAncestor)) {
    return none(`process ${pids.join(', ')} is brokermark itself or started it: their CPU cannot be told apart`)
  }
  const probe = openPidProbe(pids)
  return probe === null ? none(`there is no process ${pids.join(', ')}`) : { kind: 'found', probe }
}

/** Whether the tree below `pid` holds this process. */
function isOwnAncestor(pid: number): boolean {
  for (let own: number | undefined = process.pid; own !== undefined && own > 0; own = readProcessStat(own)?.parentPid) {
    if (own === pid) return true
  }
  return false
}

function none(why: string): ProbeFinding {
  return { kind: 'none', why }
}
