/** `max-message-size`: what the broker's attach says of the largest message that it takes on a link (2.7.3). */
import { DriverError } from '../driver-error.ts'

/** Whose link is asked to carry how much. */
export interface MessageOnLink {
  /** Beginning of the error's sentence. */
  readonly attempted: string
  /** The broker, such as `amqp10://127.0.0.1:5672`. */
  readonly peer: string
  /** The link's target, as the broker has it. */
  readonly address: string
  readonly bodyBytes: number
  /** The same message as it travels: its sections with their heads, which is what the limit counts. */
  messageBytes(): number
}

/**
 * Checks the largest message before anything is sent: a broker tells of a breach only when it ends the link.
 *
 * RabbitMQ 4 says its `max_message_size`; ActiveMQ and Artemis say nothing.
 * @param limit the field of the attach: a number or bigint; 0, null or anything else: no limit.
 * @throws DriverError `not-permitted`, naming limit, size and address.
 */
export function requireMessageFits(limit: unknown, message: MessageOnLink): void {
  const messageBytesMax = typeof limit === 'number' || typeof limit === 'bigint' ? Number(limit) : 0
  if (messageBytesMax === 0) return
  const messageBytes = message.messageBytes()
  if (messageBytes <= messageBytesMax) return
  const { attempted, peer, address, bodyBytes } = message
  const size = `${messageBytes} bytes (a body of ${bodyBytes} and its sections)`
  const sentence = `${attempted}: ${peer} takes messages of at most ${messageBytesMax} bytes at ${address}, not ${size}`
  throw new DriverError('not-permitted', sentence)
}
