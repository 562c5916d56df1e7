import { producerAck } from '../../../protocol/openwire/answer-frames.ts'
import type { ProducerAsk } from '../../../protocol/openwire/asks.ts'
import { FrameReader } from '../../../protocol/openwire/frame-reader.ts'
import type { MessageFields } from '../../../protocol/openwire/message-fields.ts'
import { readDestination, readProducerId } from '../../../protocol/openwire/nested.ts'
import type { EndpointId } from '../../../protocol/openwire/nested.ts'
import type { Destination } from '../destination.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import { Refusal } from './refusal.ts'

/** Where the messages of one producer go. */
export interface Route {
  readonly destination: Destination
  /** A ProducerAck whose last four bytes, the size, are to be written; null where the producer has no window. */
  readonly producerAck: Uint8Array | null
}

/** The producers of one connection, and where their messages go. */
export class OpenWireRoutes {
  readonly #broker: EmbeddedBroker
  readonly #fields = new FrameReader()
  readonly #producers = new Map<string, ProducerAsk>()
  #last: Route | null = null
  #lastBytes = new Uint8Array(0)

  constructor(broker: EmbeddedBroker) {
    this.#broker = broker
  }

  add(ask: ProducerAsk): void {
    this.#producers.set(keyOf(ask.id), ask)
  }

  remove(id: EndpointId): void {
    this.#producers.delete(keyOf(id))
    this.#last = null
  }

  /** Looked up only when producer or destination are others than last time. @throws Refusal, OpenWireProtocolError */
  routeOf(message: MessageFields): Route {
    const last = this.#last
    if (last?.destination.isDeleted === false && this.#isLast(message)) return last
    return this.#find(message)
  }

  /** Forgets everything; deletes the last destination if nobody uses it. */
  end(): void {
    if (this.#last !== null) this.#broker.deleteIfUnused(this.#last.destination)
    this.#last = null
    this.#producers.clear()
  }

  #find(message: MessageFields): Route {
    const fields = this.#fields
    fields.open(message.buffer, message.routeStart, message.routeEnd, 0)
    const producer = this.#producers.get(keyOf(readProducerId(fields)))
    if (producer === undefined) throw new Refusal('javax.jms.JMSException', 'the producer is not known')
    const { kind, name } = readDestination(fields)
    const route: Route = {
      destination: this.#broker.destination(kind, name),
      producerAck: producer.windowBytes > 0 ? producerAck(producer.id, 0) : null,
    }
    this.#last = route
    this.#lastBytes = message.buffer.slice(message.routeStart, message.routeEnd)
    return route
  }

  #isLast({ buffer, routeStart, routeEnd }: MessageFields): boolean {
    const known = this.#lastBytes
    if (routeEnd - routeStart !== known.length) return false
    for (let index = 0; index < known.length; index++) {
      if (buffer[routeStart + index] !== known[index]) return false
    }
    return true
  }
}

function keyOf({ session, value }: EndpointId): string {
  return `${session}/${value}`
}
