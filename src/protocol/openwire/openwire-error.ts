/** The peer's bytes are not OpenWire, or go beyond a limit. Nothing after `offset` was read. */
export class OpenWireProtocolError extends Error {
  override readonly name = 'OpenWireProtocolError'
  readonly protocol = 'OpenWire'
  /** Offset of the offending byte in all bytes received on the connection, from 0. */
  readonly offset: number
  /** What should have been there: `a frame size of 1 to 65536`, `a boolean (0 or 1)`. */
  readonly expected: string

  constructor(offset: number, expected: string) {
    super(`OpenWire: expected ${expected} at byte ${offset} of what the peer sent`)
    this.offset = offset
    this.expected = expected
  }
}
