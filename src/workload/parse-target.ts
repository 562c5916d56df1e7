/**
 * Target URLs: what the user names, made into endpoints that still lack only the texts of TLS files and the credentials
 * of the environment (`resolveTarget`). No sentence made here repeats a user name, a password or an option's value.
 */
import { describeEndpoint } from '../driver/endpoint.ts'
import type { Problem } from './problem.ts'
import { suggestion } from './nearest.ts'
import { endsOf, targetOfEnds } from './target-ends.ts'
import { builtInLabel, parseBuiltIn } from './parse-built-in.ts'
import { readOptions, type TargetOptions } from './target-options.ts'
import { AMBIGUOUS_SCHEMES, BUILT_IN_SCHEMES, EXACT_SCHEMES, SCHEME_ALIASES, type Scheme } from './target-schemes.ts'
import type { EmbeddedTarget, LoopbackTarget } from './target.ts'

/** One member of a target: address and settings, credentials as far as the URL has them. */
export interface ParsedEndpoint {
  readonly scheme: Scheme
  readonly host: string
  readonly port: number
  readonly path: string
  readonly username: string | null
  readonly password: string | null
  readonly options: TargetOptions
}

/** A way to the broker: its label without credentials, and its endpoints. */
export interface ParsedEnd {
  readonly label: string
  readonly endpoints: readonly [ParsedEndpoint, ...ParsedEndpoint[]]
}

export interface ParsedBrokerTarget extends ParsedEnd {
  readonly kind: 'broker'
  /** Null: the consumers connect where the producers do. */
  readonly consumerEnd: ParsedEnd | null
  /** What was accepted and has no effect here, one sentence each. */
  readonly notes: readonly string[]
}

export type ParsedTarget =
  | ParsedBrokerTarget
  | EmbeddedTarget
  | LoopbackTarget
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }

/**
 * Parses one target, a URL or `PRODUCERS -> CONSUMERS`; every problem of it is reported, with the URL's form without
 * credentials as the path.
 */
export function parseTarget(url: string): ParsedTarget {
  const [producers, consumers, ...others] = endsOf(url)
  if (consumers === undefined) return parseOneEnd(url)
  if (others.length > 0) {
    const text = 'a target has two ends at most: one for producers, one for consumers'
    return { kind: 'problems', problems: [{ path: withoutCredentials(url), text }] }
  }
  return parseTwoEnds(producers, consumers)
}

function parseTwoEnds(producers: string, consumers: string): ParsedTarget {
  const problems: Problem[] = []
  const ends = [producers, consumers].flatMap((url) => {
    const parsed = parseOneEnd(url)
    if (parsed.kind === 'broker') return [parsed]
    if (parsed.kind === 'problems') problems.push(...parsed.problems)
    else problems.push({ path: parsed.label, text: `is no end of its own: ${builtInHint(parsed.kind)}` })
    return []
  })
  const [first, second] = ends
  if (problems.length > 0 || first === undefined || second === undefined) return { kind: 'problems', problems }
  return {
    kind: 'broker',
    label: targetOfEnds(first.label, second.label),
    endpoints: first.endpoints,
    consumerEnd: { label: second.label, endpoints: second.endpoints },
    notes: [...first.notes, ...second.notes],
  }
}

function builtInHint(kind: 'embedded' | 'loopback'): string {
  return kind === 'embedded'
    ? 'start the broker with "brokermark broker embedded" and name two of its URLs'
    : 'in memory there are no protocols to differ'
}

function parseOneEnd(url: string): ParsedTarget {
  const path = withoutCredentials(url)
  const builtIn = BUILT_IN_SCHEMES.find((scheme) => url === scheme || url.startsWith(`${scheme}:`))
  if (builtIn !== undefined) return parseBuiltIn(url, builtIn)
  const problems: Problem[] = []
  const list = splitFailover(url)
  const endpoints: ParsedEndpoint[] = []
  for (const member of list.members) {
    const endpoint = parseEndpoint(member, list.sharedQuery, problems)
    if (endpoint !== null) endpoints.push(endpoint)
  }
  const protocols = new Set(endpoints.map((endpoint) => endpoint.scheme.protocol))
  if (protocols.size > 1) problems.push({ path, text: 'all members of a failover list speak one protocol' })
  const [first, ...rest] = endpoints
  if (problems.length > 0 || first === undefined) {
    return { kind: 'problems', problems: problems.map(({ text }) => ({ path, text })) }
  }
  return {
    kind: 'broker',
    label: labelOfEndpoints([first, ...rest]),
    endpoints: [first, ...rest],
    consumerEnd: null,
    notes: list.ignoredOptions.map(
      (name) =>
        `${path}: ${name} is a setting for reconnection and has no effect: the first member that accepts is used`,
    ),
  }
}

/** How results and tables name a target: normalised, without credentials; unparsable ones lose theirs all the same. */
export function labelOfTarget(url: string): string {
  const parsed = parseTarget(url)
  return parsed.kind === 'problems' ? withoutCredentials(url) : parsed.label
}

/** `stomp://user:secret@host?ca=x` → `stomp://host`, whatever else is wrong with the URL; of both ends of a target. */
export function withoutCredentials(target: string): string {
  return endsOf(target).map(endWithoutCredentials).reduce(targetOfEnds)
}

function endWithoutCredentials(url: string): string {
  const builtIn = /^(embedded|loopback)(?:[:?]|$)/.exec(url)?.[1]
  if (builtIn !== undefined) return builtInLabel(url, builtIn)
  return url.split(MEMBER_SEPARATOR).map(memberWithoutCredentials).join(',')
}

/** A comma between the members of a failover list; one inside a password is followed by something else. */
const MEMBER_SEPARATOR = /,\s*(?=[a-z][a-z0-9+.-]*:\/\/)/i

function memberWithoutCredentials(url: string): string {
  // What does not parse may have its @ anywhere: then everything before the last one goes.
  const address = URL.canParse(url) ? url.replace(/[?#].*$/, '') : url
  return address.replace(/\/\/.*@/, '//').replace(/[?#].*$/, '')
}

/** Settings of ActiveMQ's failover transport that say how to reconnect, which a benchmark does not. */
const FAILOVER_SETTINGS: readonly string[] = [
  'randomize',
  'initialReconnectDelay',
  'maxReconnectDelay',
  'useExponentialBackOff',
  'reconnectDelayExponent',
  'maxReconnectAttempts',
  'startupMaxReconnectAttempts',
  'timeout',
  'backup',
  'priorityBackup',
  'trackMessages',
  'updateURIsSupported',
]

interface FailoverList {
  readonly members: readonly string[]
  readonly sharedQuery: readonly (readonly [string, string])[]
  readonly ignoredOptions: readonly string[]
}

function splitFailover(url: string): FailoverList {
  const match = /^failover:(?:\/\/)?(?:\(([^)]*)\)(?:\?(.*))?|(.+))$/.exec(url)
  if (match === null) return { members: [url], sharedQuery: [], ignoredOptions: [] }
  const query = [...new URLSearchParams(match[2] ?? '')]
  const members = (match[1] ?? match[3] ?? '').split(MEMBER_SEPARATOR).map((member) => member.trim())
  return {
    members,
    sharedQuery: query.filter(([name]) => !FAILOVER_SETTINGS.includes(name)),
    ignoredOptions: query.map(([name]) => name).filter((name) => FAILOVER_SETTINGS.includes(name)),
  }
}

function parseEndpoint(
  url: string,
  sharedQuery: readonly (readonly [string, string])[],
  problems: Problem[],
): ParsedEndpoint | null {
  const written = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase()
  const problem = (text: string): null => {
    problems.push({ path: '', text })
    return null
  }
  if (written === undefined) return problem('expected a URL such as stomp://HOST:61613, or embedded:')
  const name = SCHEME_ALIASES[written] ?? written
  const ambiguous = AMBIGUOUS_SCHEMES[name]
  if (ambiguous !== undefined) return problem(`${name}:// can mean two protocols: write ${ambiguous.join(' or ')}`)
  const scheme = EXACT_SCHEMES[name]
  if (scheme === undefined)
    return problem(`unknown scheme ${written}, ${suggestion(written, Object.keys(EXACT_SCHEMES))}`)
  const address = parseAddress(url)
  if (address === null) {
    return problem('not a URL: special characters in a user name or password have to be percent-encoded')
  }
  if (address.hostname === '') return problem('the URL names no host')
  const port = address.port === '' ? scheme.defaultPort : Number(address.port)
  if (port === null)
    return problem(`${name}:// has no default port: name it (61614 or 61619 on ActiveMQ, 15674 or 15675 on RabbitMQ)`)
  const { path, vhost } = readPath(address.pathname, scheme, problems)
  const query = [...vhost, ...sharedQuery, ...address.searchParams]
  return {
    scheme,
    host: address.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    path,
    username: address.username === '' ? null : decodeURIComponent(address.username),
    password: address.password === '' ? null : decodeURIComponent(address.password),
    options: readOptions(scheme, name, query, problems),
  }
}

function parseAddress(url: string): URL | null {
  if (!URL.canParse(url)) return null
  const address = new URL(url)
  try {
    decodeURIComponent(address.username + address.password + address.pathname)
  } catch {
    // A lone percent sign: the user is told to encode it.
    return null
  }
  return address.hash === '' ? address : null
}

/** WebSocket URLs have a path; in AMQP 0-9-1 it is the virtual host (AMQP URI specification); elsewhere there is none. */
function readPath(
  pathname: string,
  scheme: Scheme,
  problems: Problem[],
): { readonly path: string; readonly vhost: readonly (readonly [string, string])[] } {
  if (scheme.transport === 'ws' || scheme.transport === 'wss') return { path: pathname || '/', vhost: [] }
  const written = pathname.replace(/^\//, '')
  if (written === '') return { path: '/', vhost: [] }
  if (scheme.protocol === 'amqp091') return { path: '/', vhost: [['vhost', decodeURIComponent(written)]] }
  problems.push({
    path: '',
    text: 'only WebSocket URLs have a path: name destinations with --set destination.name=NAME',
  })
  return { path: '/', vhost: [] }
}

function labelOfEndpoints(endpoints: readonly [ParsedEndpoint, ...ParsedEndpoint[]]): string {
  const labels = endpoints.map((endpoint) => {
    const { protocol, transport } = endpoint.scheme
    const address = describeEndpoint({ protocol, transport, host: endpoint.host, port: endpoint.port })
    return address + (endpoint.path === '/' ? '' : endpoint.path)
  })
  const { protocolOptions, tls } = endpoints[0].options
  const shown = Object.entries({ ...protocolOptions, ...(tls?.verify === false ? { insecure: 'true' } : {}) })
  const query = shown.length === 0 ? '' : `?${shown.map(([name, value]) => `${name}=${value}`).join('&')}`
  return (labels.length === 1 ? labels.join('') : `failover:(${labels.join(',')})`) + query
}
