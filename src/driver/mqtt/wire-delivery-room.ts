import type { MqttPacket } from '../../protocol/mqtt/packet.ts'
import type { MessageProperties } from '../driver.ts'

/** A message copied out of the parser. */
export interface WaitingDelivery {
  readonly body: Uint8Array
  readonly isDuplicate: boolean
  readonly token: number
  /** Null where nobody asks for them. */
  readonly properties: MessageProperties | null
}

/**
 * Messages that have come and must wait until earlier ones are acknowledged: what was in the chunk when reading was
 * stopped, so there are few. First in, first out.
 */
export class DeliveryRoom {
  #waiting: WaitingDelivery[] = []
  #first = 0

  get length(): number {
    return this.#waiting.length - this.#first
  }

  push(packet: MqttPacket, token: number, properties: MessageProperties | null): void {
    this.#waiting.push({ body: packet.payload().slice(), isDuplicate: packet.isDuplicate, token, properties })
  }

  /** The oldest, which waits no longer; null where there is none. */
  shift(): WaitingDelivery | null {
    const delivery = this.#waiting[this.#first]
    if (delivery === undefined) return null
    this.#first++
    if (this.#first === this.#waiting.length) this.clear()
    return delivery
  }

  clear(): void {
    this.#waiting = []
    this.#first = 0
  }
}
