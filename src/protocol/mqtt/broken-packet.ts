/** Where a packet is not what the specification says. */
export interface BrokenPacket {
  /** Offset from the packet's `start`. */
  readonly at: number
  readonly expected: string
}
