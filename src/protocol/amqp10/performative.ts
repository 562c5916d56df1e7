/** The performatives of opening and ending, as whole values: a few per connection. */
import { DESCRIPTOR } from './descriptor.ts'
import {
  encodeBoolean,
  encodeComposite,
  encodeMap,
  encodeString,
  encodeSymbol,
  encodeSymbols,
  encodeUbyte,
  encodeUint,
  encodeUshort,
  joined,
} from './encode-value.ts'
import type { Encoded } from './encode-value.ts'
import { AMQP_FRAME, FRAME_HEADER_BYTES } from './frame.ts'
import { INCOMING_WINDOW, OUTGOING_WINDOW } from './session-windows.ts'
import { AmqpDescribed, textOf } from './value.ts'
import type { AmqpValue } from './value.ts'
import { writeUint32 } from './write-fixed.ts'

/** `AMQP`, what follows, version 1.0.0. @param protocolId one of `PROTOCOL_ID`. */
export function encodeProtocolHeader(protocolId: number): Uint8Array {
  return Uint8Array.of(0x41, 0x4d, 0x51, 0x50, protocolId, 1, 0, 0)
}

/** @param type `AMQP_FRAME` or `SASL_FRAME`. */
export function encodeFrame(type: number, body: Uint8Array, channel = 0): Uint8Array {
  const header = Uint8Array.of(0, 0, 0, 0, 2, type, channel >> 8, channel)
  writeUint32(header, 0, FRAME_HEADER_BYTES + body.length)
  return joined([header, body])
}

/** Shows that we are alive. */
export const EMPTY_FRAME: Uint8Array = encodeFrame(AMQP_FRAME, new Uint8Array(0))

export interface OpenFields {
  readonly containerId: string
  readonly hostname: string
  readonly maxFrameBytes: number
  /** Silence after which we give the connection up; the peer has to say something in half the time. 0: never. */
  readonly idleTimeOutMs: number
  /** Highest channel number that the peer may use. Default 0: one session is all that is asked for. */
  readonly channelMax?: number
  /** What a server says of itself: `product`, `version`. */
  readonly properties?: Readonly<Record<string, string>>
}

export function encodeOpen(fields: OpenFields): Encoded {
  const { properties = {} } = fields
  const entries = Object.entries(properties).flatMap(([name, text]) => [encodeSymbol(name), encodeString(text)])
  return encodeComposite(DESCRIPTOR.open, [
    encodeString(fields.containerId),
    encodeString(fields.hostname),
    encodeUint(fields.maxFrameBytes),
    encodeUshort(fields.channelMax ?? 0),
    fields.idleTimeOutMs === 0 ? null : encodeUint(fields.idleTimeOutMs),
    ...[null, null, null, null],
    entries.length === 0 ? null : encodeMap(entries),
  ])
}

/**
 * Transfers count from 0.
 * @param handleMax highest handle that the peer may use.
 * @param answered channel on which the peer began the session that this answers; null: we begin it.
 */
export function encodeBegin(handleMax = 0, answered: number | null = null): Encoded {
  const windows = [encodeUint(INCOMING_WINDOW), encodeUint(OUTGOING_WINDOW)]
  const channel = answered === null ? null : encodeUshort(answered)
  return encodeComposite(DESCRIPTOR.begin, [channel, encodeUint(0), ...windows, encodeUint(handleMax)])
}

/** Where a link begins or ends: the fields of source and target (3.5.3, 3.5.4) that brokers look at. */
export interface TerminusFields {
  readonly address: string
  /** Symbols that say what is at the address: `queue`, `topic`, and how it is used: `shared`. */
  readonly capabilities: readonly string[]
  /** 0 none, 1 configuration, 2 unsettled state; null = not said. */
  readonly durable: number | null
  /** `never`: a source outlives its link; null = not said. */
  readonly expiryPolicy: string | null
}

export interface AttachFields {
  readonly name: string
  readonly role: 'sender' | 'receiver'
  /** The sender settles before it sends. */
  readonly isSettled: boolean
  /** A terminus of the peer, or one that is encoded already: the coordinator. */
  readonly terminus: TerminusFields | Encoded
  /** Default 0. */
  readonly handle?: number
}

/** Our end of the other side's terminus is empty. */
export function encodeAttach({ name, role, isSettled, terminus, handle = 0 }: AttachFields): Encoded {
  const isSender = role === 'sender'
  return encodeComposite(DESCRIPTOR.attach, [
    encodeString(name),
    encodeUint(handle),
    encodeBoolean(!isSender),
    encodeUbyte(isSettled ? 1 : 0),
    encodeUbyte(0),
    isSender ? encodeComposite(DESCRIPTOR.source, []) : encodeTerminus(DESCRIPTOR.source, terminus, 10),
    isSender ? encodeTerminus(DESCRIPTOR.target, terminus, 6) : encodeComposite(DESCRIPTOR.target, []),
    null,
    null,
    isSender ? encodeUint(0) : null,
  ])
}

function encodeTerminus(descriptor: number, terminus: TerminusFields | Encoded, capabilitiesAt: number): Encoded {
  if (terminus instanceof Uint8Array) return terminus
  const { address, durable, expiryPolicy, capabilities } = terminus
  const fields: (Encoded | null)[] = Array.from({ length: capabilitiesAt + 1 }, () => null)
  fields[0] = encodeString(address)
  fields[1] = durable === null ? null : encodeUint(durable)
  fields[2] = expiryPolicy === null ? null : encodeSymbol(expiryPolicy)
  fields[capabilitiesAt] = capabilities.length === 0 ? null : encodeSymbols(capabilities)
  return encodeComposite(descriptor, fields)
}

/**
 * Ends a link. @param error an encoded error (`encodeError`); null: as it should be. @param isClosed for good; false: a
 * source that outlives its link stays.
 */
export function encodeDetach(handle = 0, error: Encoded | null = null, isClosed = true): Encoded {
  return encodeComposite(DESCRIPTOR.detach, [encodeUint(handle), encodeBoolean(isClosed), error])
}

/** @param error an encoded error; null: as it should be. */
export function encodeEnd(error: Encoded | null = null): Encoded {
  return encodeComposite(DESCRIPTOR.end, [error])
}

/** @param error an encoded error; null: as it should be. */
export function encodeClose(error: Encoded | null = null): Encoded {
  return encodeComposite(DESCRIPTOR.close, [error])
}

/** An error (2.8.14). @param condition a symbol such as `amqp:not-found`. */
export function encodeError(condition: string, description: string): Encoded {
  return encodeComposite(DESCRIPTOR.error, [encodeSymbol(condition), encodeString(description)])
}

/** Performative of the SASL layer that chooses a mechanism (5.3.3.2). */
export function encodeSaslInit(mechanism: string, response: Encoded, hostname: string): Encoded {
  return encodeComposite(DESCRIPTOR.saslInit, [encodeSymbol(mechanism), response, encodeString(hostname)])
}

export function encodeSaslResponse(response: Encoded): Encoded {
  return encodeComposite(DESCRIPTOR.saslResponse, [response])
}

/** Condition and description of an error value (2.8.14); null where there is none. */
export function errorOf(value: AmqpValue | undefined): { condition?: string; description?: string } | null {
  if (!(value instanceof AmqpDescribed) || !Array.isArray(value.value)) return null
  const [condition, description] = value.value as readonly AmqpValue[]
  const conditionText = textOf(condition)
  const descriptionText = textOf(description)
  return {
    ...(conditionText === null ? {} : { condition: conditionText }),
    ...(descriptionText === null ? {} : { description: descriptionText }),
  }
}
