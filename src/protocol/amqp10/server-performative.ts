/** What only a server says: the offers and outcome of a login, and the answer to an attach. */
import { DESCRIPTOR } from './descriptor.ts'
import { encodeBoolean, encodeComposite, encodeString, encodeSymbols, encodeUbyte, encodeUint } from './encode-value.ts'
import type { Encoded } from './encode-value.ts'

/** Ways to log in (5.3.3.1). */
export function encodeSaslMechanisms(names: readonly string[]): Encoded {
  return encodeComposite(DESCRIPTOR.saslMechanisms, [encodeSymbols(names)])
}

/** How a login ended (5.3.3.5). */
export const SASL_OUTCOME = { ok: 0, authentication: 1 } as const

export function encodeSaslOutcome(code: number): Encoded {
  return encodeComposite(DESCRIPTOR.saslOutcome, [encodeUbyte(code)])
}

export interface AttachAnswer {
  readonly name: string
  readonly handle: number
  /** Our end of the link. */
  readonly role: 'sender' | 'receiver'
  readonly senderSettleMode: number
  /** As the client sent them; null for both where the link is refused, and a detach is to follow. */
  readonly source: Encoded | null
  readonly target: Encoded | null
}

/** The other half of a client's attach (2.7.3). */
export function encodeAttachAnswer(answer: AttachAnswer): Encoded {
  const isSender = answer.role === 'sender'
  return encodeComposite(DESCRIPTOR.attach, [
    encodeString(answer.name),
    encodeUint(answer.handle),
    encodeBoolean(!isSender),
    encodeUbyte(answer.senderSettleMode),
    encodeUbyte(0),
    answer.source,
    answer.target,
    null,
    null,
    isSender ? encodeUint(0) : null,
  ])
}
