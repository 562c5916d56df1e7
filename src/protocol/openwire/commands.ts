/**
 * Commands that a client sends once or seldom, each as a whole frame. `commandId` is what the broker repeats in its
 * answer; where nothing is said of an answer, the broker is asked for none.
 */
import { ByteWriter } from './byte-writer.ts'
import { writeConnectionId, writeConsumerId, writeDestination, writeProducerId, writeSessionId } from './nested.ts'
import type { EndpointId, OpenWireDestination } from './nested.ts'
import { COMMAND } from './type-codes.ts'

/** Nothing is known of what was delivered: the broker counts every unacknowledged message as redelivered. */
const LAST_DELIVERED_UNKNOWN = -2

export interface ConnectionAsk {
  readonly connectionId: string
  readonly clientId: string
  readonly username: string | null
  readonly password: string | null
}

/** Asks for an answer. */
export function connectionInfo(commandId: number, ask: ConnectionAsk): Uint8Array {
  const writer = writeConnectionId(command(COMMAND.connectionInfo, commandId, true), ask.connectionId)
  writer.string(ask.clientId).string(ask.password).string(ask.username)
  // No broker path, no broker master connector; manageable: the broker may send ConnectionControl.
  writer.bool(false).bool(false).bool(true)
  // Not a client master, not fault tolerant, no fail-over reconnect, no client address.
  return writer.bool(false).bool(false).bool(false).string(null).takeFrame()
}

/** Asks for an answer. */
export function sessionInfo(commandId: number, connectionId: string, session: number): Uint8Array {
  return writeSessionId(command(COMMAND.sessionInfo, commandId, true), connectionId, session).takeFrame()
}

/**
 * Asks for an answer. @param windowBytes messages of so many bytes may be without ProducerAck, which come for those that ask
 * for no answer; 0: none come, the broker holds back the socket.
 */
export function producerInfo(
  commandId: number,
  id: EndpointId,
  destination: OpenWireDestination,
  windowBytes = 0,
): Uint8Array {
  const writer = writeProducerId(command(COMMAND.producerInfo, commandId, true), id)
  // No broker path, no asynchronous dispatch.
  return writeDestination(writer, destination).bool(false).bool(false).i32(windowBytes).takeFrame()
}

/** A subscription that the broker keeps, of the connection's client id. */
export interface DurableSubscription {
  readonly clientId: string
  readonly name: string
}

/** Asks for an answer. @param prefetch messages dispatched and not acknowledged, 0 to 32767 */
export function consumerInfo(
  commandId: number,
  id: EndpointId,
  destination: OpenWireDestination,
  prefetch: number,
  durable: DurableSubscription | null = null,
): Uint8Array {
  const writer = writeConsumerId(command(COMMAND.consumerInfo, commandId, true), id).bool(false)
  // Maximum of pending messages 0, dispatched asynchronously, no selector.
  writeDestination(writer, destination).i32(prefetch).i32(0).bool(true).string(null)
  writer.string(durable?.clientId ?? null).string(durable?.name ?? null)
  // Not without local messages, not exclusive, not retroactive, priority 0, no broker path, no further predicate.
  writer.bool(false).bool(false).bool(false).u8(0).bool(false).bool(false)
  // No network subscription, no optimised acknowledgements, range acknowledgements, no network path.
  return writer.bool(false).bool(false).bool(false).bool(false).takeFrame()
}

/** Deletes the destination with all that lies in it; asks for an answer. Refused while somebody consumes from it. */
export function removeDestination(
  commandId: number,
  connectionId: string,
  destination: OpenWireDestination,
): Uint8Array {
  const writer = writeConnectionId(command(COMMAND.destinationInfo, commandId, true), connectionId)
  // Operation 1: remove. Time-out 0: at once or not at all. No broker path.
  return writeDestination(writer, destination).u8(1).i64(0).bool(false).takeFrame()
}

/** Deletes a durable subscription that nobody uses; asks for an answer. */
export function removeSubscription(
  commandId: number,
  connectionId: string,
  { clientId, name }: DurableSubscription,
): Uint8Array {
  const writer = writeConnectionId(command(COMMAND.removeSubscriptionInfo, commandId, true), connectionId)
  return writer.string(name).string(clientId).takeFrame()
}

/** Ends one consumer; asks for an answer. */
export function removeConsumer(commandId: number, id: EndpointId): Uint8Array {
  return writeConsumerId(command(COMMAND.removeInfo, commandId, true), id)
    .i64(LAST_DELIVERED_UNKNOWN)
    .takeFrame()
}

/** Ends the connection with its sessions, producers and consumers; asks for an answer. */
export function removeConnection(commandId: number, connectionId: string): Uint8Array {
  const writer = writeConnectionId(command(COMMAND.removeInfo, commandId, true), connectionId)
  return writer.i64(LAST_DELIVERED_UNKNOWN).takeFrame()
}

export function keepAliveInfo(commandId: number): Uint8Array {
  return command(COMMAND.keepAliveInfo, commandId, false).takeFrame()
}

export function shutdownInfo(commandId: number): Uint8Array {
  return command(COMMAND.shutdownInfo, commandId, false).takeFrame()
}

function command(type: number, commandId: number, responseRequired: boolean): ByteWriter {
  return new ByteWriter().u8(type).i32(commandId).bool(responseRequired)
}
