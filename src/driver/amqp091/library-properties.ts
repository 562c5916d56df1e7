import type { MessageProperties as LibraryProperties, Options } from 'amqplib'
import type { MessageProperties } from '../driver.ts'

/** Options of a publication for what messages carry. */
export function publishOptions(properties?: MessageProperties): Options.Publish {
  if (properties === undefined) return {}
  const { ttlMs, priority, headers } = properties
  return {
    ...(ttlMs === null ? {} : { expiration: String(Math.ceil(ttlMs)) }),
    ...(priority === null ? {} : { priority }),
    ...(Object.keys(headers).length === 0 ? {} : { headers: { ...headers } }),
  }
}

/** What a delivery carries; headers that are no text are left out, but for numbers and truth values. */
export function libraryProperties(properties: LibraryProperties): MessageProperties {
  const expiration: unknown = properties.expiration
  const priority: unknown = properties.priority
  const entries = Object.entries(properties.headers ?? {}).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, String(value)] as const]
      : [],
  )
  return {
    ttlMs: typeof expiration === 'string' && /^\d+$/.test(expiration) ? Number(expiration) : null,
    priority: typeof priority === 'number' ? priority : null,
    headers: Object.fromEntries(entries),
  }
}
