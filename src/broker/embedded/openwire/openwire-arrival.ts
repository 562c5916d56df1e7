import { response, RESPONSE_BYTES, writeResponse } from '../../../protocol/openwire/answer-frames.ts'
import type { ProducerAsk } from '../../../protocol/openwire/asks.ts'
import { writeI32 } from '../../../protocol/openwire/byte-writer.ts'
import type { FrameReader } from '../../../protocol/openwire/frame-reader.ts'
import { MESSAGE_SIZE_BYTES } from '../../../protocol/openwire/limits.ts'
import { MessageFields } from '../../../protocol/openwire/message-fields.ts'
import type { EndpointId } from '../../../protocol/openwire/nested.ts'
import { textBody } from '../../../protocol/openwire/text-body.ts'
import { MESSAGE } from '../../../protocol/openwire/type-codes.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import type { Sender } from '../service-line.ts'
import { OpenWireRoutes } from './openwire-routes.ts'
import { Refusal, unsupported } from './refusal.ts'

/** The messages that one connection publishes: from their bytes to the destination and to the answer. */
export class OpenWireArrival {
  /** The chunk being parsed: bodies that lie in it need no copy, because every chunk is a buffer of its own. */
  chunk: Uint8Array | null = null
  readonly #broker: EmbeddedBroker
  readonly #connection: Connection
  readonly #sender: Sender
  readonly #message = new MessageFields()
  readonly #routes: OpenWireRoutes

  /** @param sender is given whole frames as receipts. */
  constructor(broker: EmbeddedBroker, connection: Connection, sender: Sender) {
    this.#broker = broker
    this.#connection = connection
    this.#sender = sender
    this.#routes = new OpenWireRoutes(broker)
  }

  addProducer(ask: ProducerAsk): void {
    this.#routes.add(ask)
  }

  removeProducer(id: EndpointId): void {
    this.#routes.remove(id)
  }

  end(): void {
    this.#routes.end()
  }

  /** One message, behind its type code. @throws Refusal, OpenWireProtocolError */
  onMessage(type: number, fields: FrameReader, commandId: number, asksAnswer: boolean): void {
    const message = this.#message
    message.readMessage(fields, type)
    if (message.isTransacted) throw unsupported('transactions')
    if (this.#broker.isOverfull) throw new Refusal('javax.jms.ResourceAllocationException', 'the broker is full')
    const { destination, producerAck } = this.#routes.routeOf(message)
    const body = this.#bodyOf(message)
    if (!asksAnswer && producerAck !== null) {
      const propertiesBytes = message.propertiesEnd - message.propertiesStart
      const bytes = MESSAGE_SIZE_BYTES + message.bodyEnd - message.bodyStart + propertiesBytes
      writeI32(producerAck, producerAck.length - 4, bytes)
    }
    if (this.#broker.hasFaults) {
      const receipt = asksAnswer ? response(commandId) : (producerAck?.slice() ?? null)
      this.#broker.offer(destination, body, this.#sender, receipt)
      return
    }
    destination.accept(body)
    if (asksAnswer) this.answer(commandId)
    else if (producerAck !== null) this.#connection.write(producerAck)
  }

  /** The command of that id was carried out. */
  answer(commandId: number): void {
    const connection = this.#connection
    const at = connection.reserve(RESPONSE_BYTES)
    connection.commit(writeResponse(connection.output, at, commandId))
  }

  /** The body as bytes that stay as they are. */
  #bodyOf(message: MessageFields): Uint8Array {
    if (message.compressed) throw unsupported('compressed messages')
    const { buffer, bodyStart, bodyEnd } = message
    const body = message.messageType === MESSAGE.text ? textBody(buffer, bodyStart, bodyEnd) : message.body()
    if (body === null) throw new Refusal('javax.jms.JMSException', 'a TextMessage whose content is no text')
    return buffer === this.chunk ? body : body.slice()
  }
}
