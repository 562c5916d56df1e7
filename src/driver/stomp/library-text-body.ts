import type { IMessage } from '@stomp/stompjs'
import { TEXT_BODY_HEADER } from './broker-dialect.ts'

/** A body as text of one character per byte, for brokers that take nothing else over WebSocket. */
export function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
}

/** The body as it was published, whatever the transport made of it. */
export function bodyOf(message: IMessage): Uint8Array {
  if (message.headers[TEXT_BODY_HEADER.name] !== TEXT_BODY_HEADER.value) return message.binaryBody
  return Buffer.from(message.body, 'latin1')
}
