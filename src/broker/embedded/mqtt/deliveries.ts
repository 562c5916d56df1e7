import type { StoredMessage } from '../stored-message.ts'
import type { MqttSubscription } from './mqtt-subscription.ts'

/** Packet ids are 1 to this. */
const PACKET_IDS = 65_535

/** A slot of the ring: free, or a message whose PUBACK or PUBREC is missing, or a PUBREL whose PUBCOMP is missing. */
const FREE = 0
const PUBLISHED = 1
const RELEASED = 2

/**
 * What one client was sent at QoS 1 and 2 and has not answered, by number 1, 2, 3 ...; the packet id is the number,
 * wrapped. It outlives the connection. A ring, because answers come nearly in order.
 */
export class Deliveries {
  #messages: (StoredMessage | null)[] = new Array<StoredMessage | null>(16).fill(null)
  #owners: (MqttSubscription | null)[] = new Array<MqttSubscription | null>(16).fill(null)
  #states = new Uint8Array(16)
  /** All below are done with. */
  #low = 1
  #next = 1

  get low(): number {
    return this.#low
  }

  /** The number of the next delivery. */
  get next(): number {
    return this.#next
  }

  /** A packet id is free: the oldest unanswered one is not met from behind. */
  get hasRoom(): boolean {
    return this.#next - this.#low < PACKET_IDS
  }

  /** @returns its packet id. */
  add(message: StoredMessage, owner: MqttSubscription): number {
    if (this.#next - this.#low === this.#states.length) this.#grow()
    const slot = this.#next & (this.#states.length - 1)
    this.#messages[slot] = message
    this.#owners[slot] = owner
    this.#states[slot] = PUBLISHED
    return packetIdOf(this.#next++)
  }

  /** The number of the delivery that has this packet id now; -1 where there is none. */
  numberOf(packetId: number): number {
    const ahead = packetId - packetIdOf(this.#low)
    const number = this.#low + (ahead < 0 ? ahead + PACKET_IDS : ahead)
    return number < this.#next && this.#states[this.#slot(number)] !== FREE ? number : -1
  }

  /** The message that waits for PUBACK or PUBREC; null where none of that number does. */
  messageOf(number: number): StoredMessage | null {
    return this.#messages[this.#slot(number)] ?? null
  }

  ownerOf(number: number): MqttSubscription | null {
    return this.#owners[this.#slot(number)] ?? null
  }

  isReleased(number: number): boolean {
    return this.#states[this.#slot(number)] === RELEASED
  }

  /** PUBREC came: the message is no longer needed, but its packet id is not free before PUBCOMP. */
  release(number: number): void {
    const slot = this.#slot(number)
    this.#messages[slot] = null
    this.#states[slot] = RELEASED
  }

  /** PUBACK or PUBCOMP came. */
  remove(number: number): void {
    const slot = this.#slot(number)
    this.#messages[slot] = null
    this.#owners[slot] = null
    this.#states[slot] = FREE
    while (this.#low < this.#next && this.#states[this.#slot(this.#low)] === FREE) this.#low++
  }

  /** Takes out what belongs to one subscription, and returns its messages, oldest first. */
  removeAllOf(owner: MqttSubscription): StoredMessage[] {
    const messages: StoredMessage[] = []
    for (let number = this.#low; number < this.#next; number++) {
      if (this.ownerOf(number) !== owner) continue
      const message = this.messageOf(number)
      if (message !== null) messages.push(message)
      this.remove(number)
    }
    return messages
  }

  #slot(number: number): number {
    return number & (this.#states.length - 1)
  }

  #grow(): void {
    const slots = this.#states.length * 2
    const messages = new Array<StoredMessage | null>(slots).fill(null)
    const owners = new Array<MqttSubscription | null>(slots).fill(null)
    const states = new Uint8Array(slots)
    for (let number = this.#low; number < this.#next; number++) {
      messages[number & (slots - 1)] = this.messageOf(number)
      owners[number & (slots - 1)] = this.ownerOf(number)
      states[number & (slots - 1)] = this.#states[this.#slot(number)] ?? FREE
    }
    this.#messages = messages
    this.#owners = owners
    this.#states = states
  }
}

/** @param number 1, 2, 3 ... */
export function packetIdOf(number: number): number {
  return ((number - 1) % PACKET_IDS) + 1
}
