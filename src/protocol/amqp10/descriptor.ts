/** Descriptor codes of AMQP 1.0: performatives (2.7), delivery states (3.4), message sections (3.2), transactions (4.5), SASL (5.3.3). */
export const DESCRIPTOR = {
  open: 0x10,
  begin: 0x11,
  attach: 0x12,
  flow: 0x13,
  transfer: 0x14,
  disposition: 0x15,
  detach: 0x16,
  end: 0x17,
  close: 0x18,
  error: 0x1d,
  received: 0x23,
  accepted: 0x24,
  rejected: 0x25,
  released: 0x26,
  modified: 0x27,
  source: 0x28,
  target: 0x29,
  coordinator: 0x30,
  declare: 0x31,
  discharge: 0x32,
  declared: 0x33,
  transactionalState: 0x34,
  saslMechanisms: 0x40,
  saslInit: 0x41,
  saslChallenge: 0x42,
  saslResponse: 0x43,
  saslOutcome: 0x44,
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  amqpSequence: 0x76,
  amqpValue: 0x77,
  footer: 0x78,
} as const

/** A descriptor that is none of ours. */
export const UNKNOWN_DESCRIPTOR = -1

const MAPS: ReadonlySet<string> = new Set([
  'deliveryAnnotations',
  'messageAnnotations',
  'applicationProperties',
  'footer',
])
const UNLISTED: Readonly<Record<string, string>> = { data: 'binary', amqpValue: '*' }

/** The same descriptors as symbols (`amqp:open:list`), which a peer may send instead. */
const BY_NAME: ReadonlyMap<string, number> = new Map(
  Object.entries(DESCRIPTOR).map(([key, code]) => {
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    return [`amqp:${name}:${MAPS.has(key) ? 'map' : (UNLISTED[key] ?? 'list')}`, code]
  }),
)

/** The code of a symbolic descriptor, or `UNKNOWN_DESCRIPTOR`. */
export function descriptorOfName(name: string): number {
  return BY_NAME.get(name) ?? UNKNOWN_DESCRIPTOR
}
