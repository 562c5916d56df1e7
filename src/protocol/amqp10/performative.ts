/** The performatives of opening and ending, as whole values: a few per connection. */
import { DESCRIPTOR } from './descriptor.ts'
import {
  encodeBoolean,
  encodeComposite,
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

/** A frame on channel 0. @param type `AMQP_FRAME` or `SASL_FRAME`. */
export function encodeFrame(type: number, body: Uint8Array): Uint8Array {
  const header = Uint8Array.of(0, 0, 0, 0, 2, type, 0, 0)
  writeUint32(header, 0, FRAME_HEADER_BYTES + body.length)
  return joined([header, body])
}

/** Shows that we are alive. */
export const EMPTY_FRAME: Uint8Array = encodeFrame(AMQP_FRAME, new Uint8Array(0))

export interface OpenFields {
  readonly containerId: string
  readonly hostname: string
  readonly maxFrameBytes: number
  /** Silence after which we give the connection up; the peer has to say something in half the time. */
  readonly idleTimeOutMs: number
}

/** One session is all that is asked for. */
export function encodeOpen(fields: OpenFields): Encoded {
  return encodeComposite(DESCRIPTOR.open, [
    encodeString(fields.containerId),
    encodeString(fields.hostname),
    encodeUint(fields.maxFrameBytes),
    encodeUshort(0),
    encodeUint(fields.idleTimeOutMs),
  ])
}

/** Transfers count from 0, and there is one link. */
export function encodeBegin(): Encoded {
  const windows = [encodeUint(INCOMING_WINDOW), encodeUint(OUTGOING_WINDOW)]
  return encodeComposite(DESCRIPTOR.begin, [null, encodeUint(0), ...windows, encodeUint(0)])
}

/** Where a link begins or ends: the fields of source and target (3.5.3, 3.5.4) that brokers look at. */
export interface TerminusFields {
  readonly address: string
  /** A symbol that says what is at the address: `queue`, `topic`. */
  readonly capability: string | null
  /** 0 none, 1 configuration, 2 unsettled state; null = not said. */
  readonly durable: number | null
}

export interface AttachFields {
  readonly name: string
  readonly role: 'sender' | 'receiver'
  /** The sender settles before it sends. */
  readonly isSettled: boolean
  readonly terminus: TerminusFields
}

/** A link with handle 0: our end of the other side's terminus is empty. */
export function encodeAttach({ name, role, isSettled, terminus }: AttachFields): Encoded {
  const isSender = role === 'sender'
  return encodeComposite(DESCRIPTOR.attach, [
    encodeString(name),
    encodeUint(0),
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

function encodeTerminus(descriptor: number, terminus: TerminusFields, capabilitiesAt: number): Encoded {
  const fields: (Encoded | null)[] = Array.from({ length: capabilitiesAt + 1 }, () => null)
  fields[0] = encodeString(terminus.address)
  fields[1] = terminus.durable === null ? null : encodeUint(terminus.durable)
  fields[capabilitiesAt] = terminus.capability === null ? null : encodeSymbols([terminus.capability])
  return encodeComposite(descriptor, fields)
}

/** Ends the link with handle 0 for good. */
export function encodeDetach(): Encoded {
  return encodeComposite(DESCRIPTOR.detach, [encodeUint(0), encodeBoolean(true)])
}

export function encodeEnd(): Encoded {
  return encodeComposite(DESCRIPTOR.end, [])
}

export function encodeClose(): Encoded {
  return encodeComposite(DESCRIPTOR.close, [])
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
