import { DESCRIPTOR } from './descriptor.ts'
import {
  encodeBoolean,
  encodeComposite,
  encodeDescribed,
  encodeMap,
  encodeString,
  encodeUbyte,
  encodeUint,
  joined,
} from './encode-value.ts'

/** What a message says before its body, the same for all messages of a link. */
export interface MessageHead {
  readonly isDurable: boolean
  /** 0 to 9; null or absent: the protocol's default, 4. */
  readonly priority?: number | null
  /** Time to live in milliseconds; null or absent: for ever. */
  readonly ttlMs?: number | null
  /** Application properties, all of them strings. */
  readonly headers?: Readonly<Record<string, string>>
  /** Deliveries that were tried before; absent: none, and nothing is said of it. */
  readonly deliveryCount?: number
}

/** The header section, and application properties where there are any (3.2.1, 3.2.5). */
export function encodeMessageHead(head: MessageHead): Uint8Array {
  const { priority = null, ttlMs = null, deliveryCount = 0 } = head
  const header = encodeComposite(DESCRIPTOR.header, [
    encodeBoolean(head.isDurable),
    priority === null ? null : encodeUbyte(priority),
    ttlMs === null ? null : encodeUint(ttlMs),
    deliveryCount === 0 ? null : encodeBoolean(false),
    deliveryCount === 0 ? null : encodeUint(deliveryCount),
  ])
  const entries = Object.entries(head.headers ?? {}).flatMap(([name, text]) => [encodeString(name), encodeString(text)])
  if (entries.length === 0) return header
  return joined([header, encodeDescribed(DESCRIPTOR.applicationProperties, encodeMap(entries))])
}
