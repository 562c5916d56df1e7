/**
 * What a cell asked of the broker: destination, persistence, confirms, acknowledgement. Read from the workload that the
 * result carries, which is plain JSON from a file: nothing in it is taken for granted. Pure.
 */
import type { CellResult, Result } from '../result/result.ts'
import { countText } from './number-text.ts'

export interface CellSettings {
  /** Null: the result does not say. So for every field. */
  readonly destinationKind: 'queue' | 'topic' | null
  readonly persistent: boolean | null
  readonly confirm: boolean | null
  /** `each message`, `every 100 messages`, `automatic`. */
  readonly acknowledge: string | null
  readonly prefetch: number | null
  /** `transactions of 10`, `time to live 5,000 ms`, `priority 7`, `headers region=eu`, `shared subscription`; mostly empty. */
  readonly extras: readonly string[]
}

/** The settings of one cell: those of the variant of the workload whose axes the cell has. */
export function settingsOf(result: Result, cell: CellResult): CellSettings {
  const variants = listAt(result.workload, 'variants')
  const variant = variants.find((one) => hasAxes(cell, fieldAt(one, 'axes'))) ?? variants[0] ?? null
  const destination = fieldAt(variant, 'destination')
  const delivery = fieldAt(variant, 'delivery')
  const kind = fieldAt(destination, 'kind')
  const prefetch = fieldAt(delivery, 'prefetch')
  return {
    destinationKind: kind === 'queue' || kind === 'topic' ? kind : null,
    persistent: booleanAt(delivery, 'persistent'),
    confirm: booleanAt(delivery, 'confirm'),
    acknowledge: acknowledgeText(fieldAt(delivery, 'acknowledge')),
    prefetch: typeof prefetch === 'number' ? prefetch : null,
    extras: extrasOf(delivery, kind === 'topic'),
  }
}

/** `persistent, confirmed, acknowledge each message, prefetch 1,000`: parts that the result does not state say so. */
export function deliveryText(settings: CellSettings): string {
  const persistence =
    settings.persistent === null ? 'persistence not stated' : settings.persistent ? 'persistent' : 'not persistent'
  const confirm =
    settings.confirm === null ? 'confirms not stated' : settings.confirm ? 'confirmed by the broker' : 'no confirms'
  const acknowledge =
    settings.acknowledge === null ? 'acknowledgement not stated' : `acknowledge ${settings.acknowledge}`
  const prefetch = settings.prefetch === null ? 'prefetch not stated' : `prefetch ${countText(settings.prefetch)}`
  return [persistence, confirm, acknowledge, prefetch, ...settings.extras].join(', ')
}

function acknowledgeText(policy: unknown): string | null {
  const kind = typeof policy === 'string' ? policy : fieldAt(policy, 'kind')
  const every = fieldAt(policy, 'every') ?? fieldAt(policy, 'messages') ?? fieldAt(policy, 'count')
  if (typeof every === 'number') return `every ${countText(every)} messages`
  if (kind === 'each') return 'each message'
  return kind === 'auto' ? 'automatically' : null
}

function extrasOf(delivery: unknown, isTopic: boolean): readonly string[] {
  const extras: string[] = []
  const number = (key: string, words: (text: string) => string): void => {
    const value = fieldAt(delivery, key)
    if (typeof value === 'number') extras.push(words(countText(value)))
  }
  number('transactionMessages', (text) => `transactions of ${text} messages`)
  number('ttlMs', (text) => `time to live ${text} ms`)
  number('priority', (text) => `priority ${text}`)
  const headers = Object.entries(fieldAt(delivery, 'headers') ?? {}).map(([name, text]) => `${name}=${String(text)}`)
  if (headers.length > 0) extras.push(`headers ${headers.join(' ')}`)
  const subscription = fieldAt(delivery, 'subscription')
  if (isTopic && typeof subscription === 'string') extras.push(`${subscription} subscription`)
  if (booleanAt(delivery, 'messagePerWrite') === true) extras.push('one message per write')
  return extras
}

function hasAxes(cell: CellResult, axes: unknown): boolean {
  if (typeof axes !== 'object' || axes === null) return false
  return Object.entries(axes).every(([axis, value]) => cell.axes[axis] === value)
}

function fieldAt(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null
  return (value as Record<string, unknown>)[key] ?? null
}

function listAt(value: unknown, key: string): unknown[] {
  const list = fieldAt(value, key)
  return Array.isArray(list) ? (list as unknown[]) : []
}

function booleanAt(value: unknown, key: string): boolean | null {
  const found = fieldAt(value, key)
  return typeof found === 'boolean' ? found : null
}
