import { DESCRIPTOR } from './descriptor.ts'
import { AmqpReader } from './reader.ts'
import { AmqpDescribed, readValue, textOf } from './value.ts'
import type { AmqpValue } from './value.ts'

/** A client's source or target (3.5.3, 3.5.4), or its coordinator (4.5.1). */
export interface AttachTerminus {
  /** As it came, for the answer. */
  readonly encoded: Uint8Array
  readonly isCoordinator: boolean
  /** null where the client leaves it to the broker. */
  readonly address: string | null
  readonly capabilities: readonly string[]
  /** When it ends: `link-detach`, `session-end`, `connection-close`, `never`; null where the client does not say. */
  readonly expiryPolicy: string | null
}

/** What a server reads of an attach (2.7.3). */
export interface Attach {
  readonly name: string
  readonly handle: number
  /** The client receives. */
  readonly isReceiver: boolean
  /** 0 unsettled, 1 settled, 2 mixed. */
  readonly senderSettleMode: number
  readonly source: AttachTerminus | null
  readonly target: AttachTerminus | null
}

/** Reads the list behind the descriptor. @throws Amqp10ProtocolError */
export function readAttach(reader: AmqpReader): Attach {
  const outerEnd = reader.end
  const count = reader.enterList()
  const fields: AmqpValue[] = []
  const termini: (AttachTerminus | null)[] = [null, null]
  for (let index = 0; index < count; index++) {
    if (index === SOURCE || index === TARGET) termini[index - SOURCE] = readTerminus(reader, index)
    else fields[index] = readValue(reader)
  }
  const [name, handle, isReceiver, senderSettleMode] = fields
  if (typeof name !== 'string' || typeof handle !== 'number' || typeof isReceiver !== 'boolean') {
    throw reader.error('an attach with name, handle and role')
  }
  reader.leave(outerEnd)
  return {
    name,
    handle,
    isReceiver,
    senderSettleMode: typeof senderSettleMode === 'number' ? senderSettleMode : 2,
    source: termini[0] ?? null,
    target: termini[1] ?? null,
  }
}

const SOURCE = 5
const TARGET = 6
/** In the fields of source and target. */
const EXPIRY_POLICY_AT = 2
/** In the fields of source, target and coordinator. */
const CAPABILITIES_AT = { source: 10, target: 6, coordinator: 0 }

function readTerminus(reader: AmqpReader, index: number): AttachTerminus | null {
  const start = reader.position
  reader.skip()
  const encoded = new Uint8Array(reader.buffer.subarray(start, reader.position))
  const own = new AmqpReader()
  own.load(encoded, 0, encoded.length, reader.originBytes + start)
  const value = readValue(own)
  if (value === null) return null
  if (!(value instanceof AmqpDescribed) || !Array.isArray(value.value)) throw own.error('a terminus', 0)
  const fields = value.value as readonly AmqpValue[]
  const isCoordinator = value.descriptor === DESCRIPTOR.coordinator
  const kind = isCoordinator ? 'coordinator' : index === SOURCE ? 'source' : 'target'
  const address = fields[0]
  return {
    encoded,
    isCoordinator,
    address: typeof address === 'string' ? address : null,
    capabilities: symbolsOf(fields[CAPABILITIES_AT[kind]]),
    expiryPolicy: isCoordinator ? null : textOf(fields[EXPIRY_POLICY_AT]),
  }
}

/** One symbol, or an array of them. */
function symbolsOf(value: AmqpValue | undefined): readonly string[] {
  const values = Array.isArray(value) ? (value as readonly AmqpValue[]) : [value]
  return values.map(textOf).filter((text) => text !== null)
}
