/** What clients ask of a broker once or seldom, read from behind the base of their commands. */
import type { FrameReader } from './frame-reader.ts'
import { readConsumerId, readDestination, readProducerId } from './nested.ts'
import type { EndpointId, OpenWireDestination } from './nested.ts'
import { NESTED } from './type-codes.ts'

export interface Login {
  readonly clientId: string | null
  readonly username: string | null
  readonly password: string | null
}

/** A ConnectionInfo, as far as it says who is there. @throws OpenWireProtocolError */
export function readLogin(fields: FrameReader): Login {
  fields.skipNested()
  const clientId = fields.string()
  const password = fields.string()
  return { clientId, password, username: fields.string() }
}

export interface ProducerAsk {
  readonly id: EndpointId
  /** Bytes of messages without ProducerAck at a time; 0: no ProducerAcks. */
  readonly windowBytes: number
}

/** A ProducerInfo. @throws OpenWireProtocolError */
export function readProducerAsk(fields: FrameReader): ProducerAsk {
  const id = readProducerId(fields)
  fields.skipNested()
  refuseArray(fields)
  fields.skip(1)
  return { id, windowBytes: fields.i32() }
}

export interface ConsumerAsk {
  readonly id: EndpointId
  readonly isBrowser: boolean
  readonly destination: OpenWireDestination
  /** Messages dispatched and not acknowledged; 0: only when they are asked for. */
  readonly prefetch: number
  readonly selector: string | null
  /** Name of a durable subscription. */
  readonly subscriptionName: string | null
}

/** A ConsumerInfo. @throws OpenWireProtocolError */
export function readConsumerAsk(fields: FrameReader): ConsumerAsk {
  const id = readConsumerId(fields)
  const isBrowser = fields.bool()
  const destination = readDestination(fields)
  const prefetch = fields.i32()
  // Maximum of pending messages, asynchronous dispatch.
  fields.skip(5)
  const selector = fields.string()
  fields.skipString()
  return { id, isBrowser, destination, prefetch, selector, subscriptionName: fields.string() }
}

export interface DestinationAsk {
  readonly destination: OpenWireDestination
  readonly operation: 'add' | 'remove'
}

/** A DestinationInfo. @throws OpenWireProtocolError */
export function readDestinationAsk(fields: FrameReader): DestinationAsk {
  fields.skipNested()
  const destination = readDestination(fields)
  return { destination, operation: fields.u8() === 1 ? 'remove' : 'add' }
}

/** What a RemoveInfo ends: one consumer, one producer, or everything of a session or connection. */
export type RemoveAsk =
  | { readonly kind: 'consumer' | 'producer'; readonly id: EndpointId }
  | { readonly kind: 'session'; readonly session: number }
  | { readonly kind: 'connection' }

/** A RemoveInfo. @throws OpenWireProtocolError */
export function readRemoveAsk(fields: FrameReader): RemoveAsk {
  const start = fields.position
  const type = fields.bool() ? fields.u8() : 0
  fields.position = start
  switch (type) {
    case NESTED.consumerId:
      return { kind: 'consumer', id: readConsumerId(fields) }
    case NESTED.producerId:
      return { kind: 'producer', id: readProducerId(fields) }
    case NESTED.sessionId:
      fields.skip(2)
      fields.skipString()
      return { kind: 'session', session: fields.i64() }
    case NESTED.connectionId:
      return { kind: 'connection' }
    default:
      throw fields.error('the id of a connection, session, producer or consumer', start)
  }
}

/** A broker path is for brokers among themselves. */
function refuseArray(fields: FrameReader): void {
  if (fields.bool()) throw fields.error('no broker path', fields.position - 1)
}
