/** The peer's bytes are not MQTT, or go beyond a limit. Nothing after `offset` was used. */
export class MqttProtocolError extends Error {
  override readonly name = 'MqttProtocolError'
  readonly protocol = 'MQTT'
  /** Offset of the offending byte in all bytes received on the connection, from 0. */
  readonly offset: number
  /** What should have been there: `a packet id other than 0`. */
  readonly expected: string

  constructor(offset: number, expected: string) {
    super(`MQTT: expected ${expected} at byte ${offset} of what the peer sent`)
    this.offset = offset
    this.expected = expected
  }
}
