/** What brokers send once, seldom or in answer to every message, each as a whole frame. Their command ids are 0. */
import { ByteWriter, writeI32 } from './byte-writer.ts'
import type { Throwable } from './answer.ts'
import { writeProducerId } from './nested.ts'
import type { EndpointId } from './nested.ts'
import { COMMAND, NESTED } from './type-codes.ts'

/** Bytes of a Response. */
export const RESPONSE_BYTES = 14

/** Writes a Response to the command of that id at `at`, where RESPONSE_BYTES are free; returns the offset behind it. */
export function writeResponse(target: Uint8Array, at: number, correlationId: number): number {
  writeI32(target, at, RESPONSE_BYTES - 4)
  target[at + 4] = COMMAND.response
  writeI32(target, at + 5, 0)
  target[at + 9] = 0
  writeI32(target, at + 10, correlationId)
  return at + RESPONSE_BYTES
}

/** A Response as bytes of their own. */
export function response(correlationId: number): Uint8Array {
  const frame = new Uint8Array(RESPONSE_BYTES)
  writeResponse(frame, 0, correlationId)
  return frame
}

/** The command of that id failed. */
export function exceptionResponse(correlationId: number, cause: Throwable): Uint8Array {
  const writer = command(COMMAND.exceptionResponse).i32(correlationId)
  return writeThrowable(writer, cause).takeFrame()
}

/** A command that asked for no answer failed. */
export function connectionError(cause: Throwable): Uint8Array {
  // No connection id.
  return writeThrowable(command(COMMAND.connectionError), cause).bool(false).takeFrame()
}

/** A message of `bytes` (1024, and its content and properties) has left the producer's window. */
export function producerAck(producer: EndpointId, bytes: number): Uint8Array {
  return writeProducerId(command(COMMAND.producerAck), producer).i32(bytes).takeFrame()
}

export function brokerInfo(brokerId: string, name: string): Uint8Array {
  const writer = command(COMMAND.brokerInfo).bool(true).u8(NESTED.brokerId).string(brokerId)
  // No URL, no peers.
  writer.string(null).bool(false).string(name)
  // Neither slave nor master, not fault tolerant, no duplex and no network connection, and number 0 of it.
  writer.bool(false).bool(false).bool(false).bool(false).bool(false).i64(0)
  // No URL for uploads, no network properties.
  return writer.string(null).string(null).takeFrame()
}

/** Without stack trace, which is never negotiated. */
function writeThrowable(writer: ByteWriter, { className, message }: Throwable): ByteWriter {
  return writer.bool(true).string(className).string(message)
}

function command(type: number): ByteWriter {
  return new ByteWriter().u8(type).i32(0).bool(false)
}
