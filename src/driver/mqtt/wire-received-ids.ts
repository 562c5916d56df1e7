/** A packet id that is free; one whose message was delivered; one whose PUBREC went out. */
const FREE = 0
const DELIVERED = 1
const ACKNOWLEDGED = 2

/**
 * Packet ids of QoS 2 messages between their PUBLISH and their PUBREL: a message that comes again under one of them was
 * delivered already. For the one connection only: who opens a new one begins anew, and may see a message twice.
 */
export class ReceivedIds {
  readonly #states = new Uint8Array(65_536)

  /** A message came. `again`: it was delivered; `acknowledged`: and its PUBREC went out, but did not arrive. */
  receive(packetId: number): 'first' | 'again' | 'acknowledged' {
    const state = this.#states[packetId]
    if (state === ACKNOWLEDGED) return 'acknowledged'
    this.#states[packetId] = DELIVERED
    return state === DELIVERED ? 'again' : 'first'
  }

  /** PUBREC goes out. */
  acknowledge(packetId: number): void {
    this.#states[packetId] = ACKNOWLEDGED
  }

  /** PUBREL came. */
  release(packetId: number): void {
    this.#states[packetId] = FREE
  }
}
