import type { FieldValue } from '../../protocol/amqp091/field-table.ts'
import type { BasicProperties } from '../../protocol/amqp091/properties.ts'
import type { MessageProperties } from '../driver.ts'

/** As AMQP 0-9-1 carries them: the time to live as `expiration`, headers as long strings of a table. */
export function basicPropertiesOf({ ttlMs, priority, headers }: MessageProperties): BasicProperties {
  return {
    expiration: ttlMs === null ? null : String(Math.ceil(ttlMs)),
    priority,
    headers: new Map(Object.entries(headers)),
  }
}

/** What a delivery carries; headers that are no text are left out, but for numbers and truth values. */
export function messagePropertiesOf({ expiration, priority, headers }: BasicProperties): MessageProperties {
  const texts = [...headers].flatMap(([name, value]) => {
    const text = textOf(value)
    return text === null ? [] : [[name, text] as const]
  })
  return {
    ttlMs: expiration !== null && /^\d+$/.test(expiration) ? Number(expiration) : null,
    priority,
    headers: Object.fromEntries(texts),
  }
}

function textOf(value: FieldValue): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}
