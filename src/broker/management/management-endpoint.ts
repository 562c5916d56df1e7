/** Longest wait for one answer of a management interface: of one that shares two busy cores with its broker, several seconds. */
const REQUEST_TIMEOUT_MS = 20_000

/** Where a management interface is, with the credentials taken out of the URL: fetch refuses them there. */
export interface ManagementEndpoint {
  /** `http://host:8161`, without a path. */
  readonly origin: string
  /** Path as given, without a slash at the end: `` or `/api/jolokia`. */
  readonly path: string
  /** RabbitMQ's virtual host by `?vhost=`, default `/`. */
  readonly vhost: string
  /** Value of the Authorization header; null without credentials. A secret: never printed. */
  readonly authorization: string | null
}

/** What came back: status and the body, parsed where it is JSON (Jolokia calls it text/plain), else null. */
export interface ManagementAnswer {
  readonly status: number
  readonly body: unknown
}

/** Takes `http://user:password@host:port[/path][?vhost=NAME]` apart; null for what is not an http or https URL. */
export function parseManagementUrl(managementUrl: string): ManagementEndpoint | null {
  if (!URL.canParse(managementUrl)) return null
  const url = new URL(managementUrl)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  const user = `${decoded(url.username)}:${decoded(url.password)}`
  return {
    origin: url.origin,
    path: url.pathname.replace(/\/+$/, ''),
    vhost: url.searchParams.get('vhost') ?? '/',
    authorization: user === ':' ? null : `Basic ${Buffer.from(user).toString('base64')}`,
  }
}

/** One request; null where no answer came: refused, untrusted, too late. Never rejects. */
export async function ask(
  endpoint: ManagementEndpoint,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body: unknown = null,
): Promise<ManagementAnswer | null> {
  try {
    const response = await fetch(`${endpoint.origin}${path}`, {
      method,
      headers: { ...headers, ...(endpoint.authorization === null ? {} : { authorization: endpoint.authorization }) },
      body: body === null ? null : JSON.stringify(body),
      // A redirect to a login page is no answer, and the credentials are for this host only.
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    })
    return { status: response.status, body: parsed(await response.text()) }
  } catch {
    // Clearing up is done as far as it can be; what the caller needs to know is that it was not.
    return null
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A percent sign that stands for itself is left as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
