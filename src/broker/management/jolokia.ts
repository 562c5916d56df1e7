import { ask, type ManagementEndpoint } from './management-endpoint.ts'

/** What an MBean operation came to; `absent`: the interface did not answer, or not as Jolokia does. */
export type JolokiaResult =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'absent' }

/**
 * A Jolokia agent, by POST only: both brokers answer GET with 403 where their check of origins is strict. For the same
 * reason each request names an Origin, which must be one that the agent's access file allows.
 */
export class Jolokia {
  readonly #endpoint: ManagementEndpoint
  readonly #path: string
  readonly #origin: string

  private constructor(endpoint: ManagementEndpoint, path: string, origin: string) {
    this.#endpoint = endpoint
    this.#path = `${path}/`
    this.#origin = origin
  }

  /** The agent at `path` and the MBeans there that match `pattern`; null where none answers or none matches. */
  static async find(
    endpoint: ManagementEndpoint,
    path: string,
    pattern: string,
  ): Promise<{ readonly jolokia: Jolokia; readonly mbean: string } | null> {
    // As shipped Artemis allows any localhost; one on another host may allow its own name instead.
    for (const origin of new Set(['http://localhost', endpoint.origin])) {
      const jolokia = new Jolokia(endpoint, path, origin)
      const found = await jolokia.#post({ type: 'search', mbean: pattern })
      if (found.kind === 'absent') return null
      const mbean: unknown = found.kind === 'value' && Array.isArray(found.value) ? found.value[0] : undefined
      if (typeof mbean === 'string') return { jolokia, mbean }
    }
    return null
  }

  execute(mbean: string, operation: string, values: readonly (string | boolean)[]): Promise<JolokiaResult> {
    return this.#post({ type: 'exec', mbean, operation, arguments: values })
  }

  async #post(request: Readonly<Record<string, unknown>>): Promise<JolokiaResult> {
    const headers = { 'content-type': 'application/json', origin: this.#origin }
    const answer = await ask(this.#endpoint, 'POST', this.#path, headers, request)
    const body = answer?.body
    // Jolokia answers 200 whatever came of it and puts its own status into the body.
    if (typeof body !== 'object' || body === null || !('status' in body)) return { kind: 'absent' }
    if (body.status === 200) return { kind: 'value', value: 'value' in body ? body.value : null }
    return { kind: 'error', message: 'error' in body && typeof body.error === 'string' ? body.error : '' }
  }
}
