/** The query of a target URL: which options there are, for which protocol, and what they may say. */
import type { Protocol } from '../driver/driver.ts'
import { suggestion } from './nearest.ts'
import type { Problem } from './problem.ts'
import type { Scheme } from './target-schemes.ts'

/** TLS as named in the URL; the files are read by the command line (`cli/`). */
export interface TlsFiles {
  readonly ca: string | null
  readonly cert: string | null
  readonly key: string | null
  readonly verify: boolean
  readonly serverName: string | null
}

export interface TargetOptions {
  /** Options of the protocol, as the driver will see them. */
  readonly protocolOptions: Readonly<Record<string, string>>
  /** Null where the transport has no TLS. */
  readonly tls: TlsFiles | null
  readonly managementUrl: string | null
}

const PROTOCOL_OPTIONS: Readonly<Record<Protocol, readonly string[]>> = {
  stomp: ['vhost', 'heartBeatMs'],
  mqtt: ['version', 'qos', 'keepAliveSeconds'],
  amqp091: ['vhost', 'heartbeat'],
  amqp10: ['vhost'],
  openwire: ['maxInactivityMs', 'producerWindowBytes'],
  loopback: [],
}
const TLS_OPTIONS: readonly string[] = ['ca', 'cert', 'key', 'insecure', 'servername']

/** Whether an option of that name belongs to the protocol, rather than to TLS or to the broker. */
export function isOptionOf(protocol: Protocol, name: string): boolean {
  return PROTOCOL_OPTIONS[protocol].includes(name)
}

/**
 * Reads the query of one endpoint; `shared` are those of a failover list, which its members may override.
 * @param problems gets one sentence per option that is unknown, misplaced or ill-formed; values are never repeated in
 * them, because a management URL holds a password.
 */
export function readOptions(
  scheme: Scheme,
  schemeName: string,
  query: readonly (readonly [string, string])[],
  problems: Problem[],
): TargetOptions {
  const known = ['management', ...TLS_OPTIONS, ...PROTOCOL_OPTIONS[scheme.protocol]]
  const secure = scheme.transport === 'tls' || scheme.transport === 'wss'
  const given = new Map<string, string>()
  for (const [name, value] of query) {
    const problem = problemOf(name, value, known, secure, schemeName)
    if (problem !== null) problems.push({ path: '', text: problem })
    else given.set(name, value)
  }
  if (given.has('cert') !== given.has('key')) {
    problems.push({ path: '', text: 'a client certificate needs both cert= and key=' })
  }
  const ownOptions = PROTOCOL_OPTIONS[scheme.protocol].filter((name) => given.has(name))
  return {
    protocolOptions: Object.fromEntries(ownOptions.map((name) => [name, given.get(name) ?? ''])),
    tls: secure ? tlsOf(given) : null,
    managementUrl: given.get('management') ?? null,
  }
}

function problemOf(
  name: string,
  value: string,
  known: readonly string[],
  secure: boolean,
  schemeName: string,
): string | null {
  if (!known.includes(name)) return `unknown option ${name}, ${suggestion(name, known)}`
  if (TLS_OPTIONS.includes(name) && !secure) return `${name}= is for TLS, and ${schemeName}:// is without`
  switch (name) {
    case 'version':
      return value === '3.1.1' || value === '5' ? null : 'version= is 3.1.1 or 5'
    case 'qos':
      return /^[012]$/.test(value) ? null : 'qos= is 0, 1 or 2'
    case 'keepAliveSeconds':
      return /^\d{1,5}$/.test(value) ? null : 'keepAliveSeconds= is a whole number of seconds, 0 for none'
    case 'heartbeat':
      return /^\d{1,6}$/.test(value) ? null : 'heartbeat= is a whole number of seconds, 0 for none'
    case 'heartBeatMs':
      return /^\d{1,9}$/.test(value) ? null : 'heartBeatMs= is a whole number of milliseconds, 0 for none'
    case 'maxInactivityMs':
      return /^\d{1,9}$/.test(value) ? null : 'maxInactivityMs= is a whole number of milliseconds, 0 for no monitor'
    case 'producerWindowBytes':
      return /^\d{1,9}$/.test(value) ? null : 'producerWindowBytes= is a whole number of bytes, 0 for no window'
    case 'insecure':
      return value === 'true' || value === 'false'
        ? null
        : 'insecure= is true (the certificate is not verified) or false'
    case 'management':
      return /^https?:\/\/[^\s/]+/.test(value)
        ? null
        : 'management= is the http or https URL of the management interface, percent-encoded'
    default:
      return value === '' ? `${name}= has no value` : null
  }
}

function tlsOf(given: ReadonlyMap<string, string>): TlsFiles {
  return {
    ca: given.get('ca') ?? null,
    cert: given.get('cert') ?? null,
    key: given.get('key') ?? null,
    verify: given.get('insecure') !== 'true',
    serverName: given.get('servername') ?? null,
  }
}
