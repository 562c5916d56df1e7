import type { EmbeddedProtocol } from './session.ts'

/** The longest beginning that has to be seen: `AMQP`, a protocol id and the major version. */
export const FIRST_BYTES_MAX = 6

/** First byte of MQTT's CONNECT: packet type 1, flags 0 (MQTT 5, section 3.1.1). */
const MQTT_CONNECT = 0x10
/** OpenWire's first command is WireFormatInfo, behind a length of four bytes. */
const WIRE_FORMAT_INFO = 1
const AMQP = [0x41, 0x4d, 0x51, 0x50]

/**
 * Which protocol a client begins to speak on the one port. OpenWire begins with the length of a small frame, MQTT with
 * its CONNECT, both AMQPs with their name (AMQP 0-9-1, section 4.2.2; AMQP 1.0, section 2.2), STOMP with a letter.
 * @returns null where more bytes are needed. Whatever is nothing else is STOMP, which then says what is wrong.
 */
export function protocolOfFirstBytes(bytes: Uint8Array): EmbeddedProtocol | null {
  const first = bytes[0]
  if (first === undefined) return null
  if (first === MQTT_CONNECT) return 'mqtt'
  if (first === 0) {
    const type = bytes[4]
    if (type === undefined) return null
    return type === WIRE_FORMAT_INFO ? 'openwire' : 'stomp'
  }
  for (let index = 0; index < AMQP.length; index++) {
    const octet = bytes[index]
    if (octet === undefined) return null
    if (octet !== AMQP[index]) return 'stomp'
  }
  return amqpOf(bytes)
}

/** `AMQP 0 0 9 1` is 0-9-1; `AMQP 3 1 0 0` is 1.0 behind SASL, `AMQP 0 1 0 0` without. */
function amqpOf(bytes: Uint8Array): EmbeddedProtocol | null {
  const [id, major] = [bytes[4], bytes[5]]
  if (id === undefined || major === undefined) return null
  return id === 0 && major === 0 ? 'amqp091' : 'amqp10'
}
