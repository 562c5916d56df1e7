/** The last step from a target URL to a Target: texts of TLS files and credentials from elsewhere are put in. Pure. */
import type { Endpoint, TlsSettings } from '../driver/endpoint.ts'
import type { ParsedBrokerTarget, ParsedEndpoint, ParsedEnd } from './parse-target.ts'
import type { TlsFiles } from './target-options.ts'
import type { BrokerTarget, TargetEnd } from './target.ts'

/** For every target whose URL has none of its own: flags before environment, decided by the command line. */
export interface Credentials {
  readonly username: string | null
  readonly password: string | null
}

/** Names of the PEM files that a target needs, each once. */
export function filesOf(parsed: ParsedBrokerTarget): readonly string[] {
  const names = endpointsOf(parsed).flatMap(({ options }) => [options.tls?.ca, options.tls?.cert, options.tls?.key])
  return [...new Set(names.filter((name) => typeof name === 'string'))]
}

/** @param readText gives the text of a file named by `filesOf`. */
export function resolveTarget(
  parsed: ParsedBrokerTarget,
  readText: (path: string) => string,
  credentials: Credentials,
): BrokerTarget {
  const resolve = (endpoint: ParsedEndpoint): Endpoint => endpointOf(endpoint, readText, credentials)
  const resolveEnd = ({ label, endpoints: [first, ...rest] }: ParsedEnd): TargetEnd => ({
    label,
    endpoints: [resolve(first), ...rest.map(resolve)],
  })
  return {
    kind: 'broker',
    ...resolveEnd(parsed),
    consumerEnd: parsed.consumerEnd === null ? null : resolveEnd(parsed.consumerEnd),
    managementUrl:
      endpointsOf(parsed).find(({ options }) => options.managementUrl !== null)?.options.managementUrl ?? null,
  }
}

/** Those of both ends. */
function endpointsOf(parsed: ParsedBrokerTarget): readonly ParsedEndpoint[] {
  return [...parsed.endpoints, ...(parsed.consumerEnd?.endpoints ?? [])]
}

function endpointOf(parsed: ParsedEndpoint, readText: (path: string) => string, credentials: Credentials): Endpoint {
  const { scheme, options } = parsed
  return {
    protocol: scheme.protocol,
    transport: scheme.transport,
    host: parsed.host,
    port: parsed.port,
    path: parsed.path,
    options: options.protocolOptions,
    username: parsed.username ?? credentials.username,
    // The password of the environment goes with a user named in the URL only where that names none of its own.
    password: parsed.password ?? credentials.password,
    tls: options.tls === null ? null : tlsSettings(options.tls, readText),
  }
}

function tlsSettings(files: TlsFiles, readText: (path: string) => string): TlsSettings {
  const textOf = (path: string | null): string | null => (path === null ? null : readText(path))
  return {
    ca: textOf(files.ca),
    certificate: textOf(files.cert),
    key: textOf(files.key),
    verify: files.verify,
    serverName: files.serverName,
  }
}
