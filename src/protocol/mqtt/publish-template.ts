import { propertiesOf, text } from './packet-parts.ts'
import { PACKET_TYPE } from './packet-type.ts'
import type { ProtocolLevel, Qos } from './packet-type.ts'
import { VARIABLE_INTEGER_MAX, variableIntegerBytes, writeVariableInteger } from './variable-integer.ts'

/** Below this a loop beats the call into the engine's own copy. */
const LOOP_BYTES = 48

/**
 * PUBLISH packets of one topic, encoded once: only the packet id and the body are written per message, straight into the
 * output buffer. The part before the body is made anew whenever the length of the body changes.
 */
export class PublishTemplate {
  readonly #topic: Uint8Array
  readonly #firstByte: number
  readonly #qos: Qos
  /** MQTT 5 has properties behind the packet id, with their length in front; MQTT 3.1.1 has nothing there. */
  readonly #properties: Uint8Array
  #bodyBytes = -1
  #prefix = new Uint8Array(0)

  /**
   * @param properties of every message, without their length (`encodeMessageProperties`); MQTT 5 only.
   * @throws RangeError for a topic of more than 65,535 bytes
   */
  constructor(level: ProtocolLevel, topic: string, qos: Qos, properties: Uint8Array = new Uint8Array(0)) {
    this.#topic = text(topic)
    this.#firstByte = (PACKET_TYPE.publish << 4) | (qos << 1)
    this.#qos = qos
    this.#properties = level === 5 ? propertiesOf([properties]) : new Uint8Array(0)
  }

  /** Bytes of the packet with a body of so many bytes. @throws RangeError beyond what the protocol can say (256 MiB) */
  packetBytes(bodyBytes: number): number {
    if (bodyBytes !== this.#bodyBytes) this.#prepare(bodyBytes)
    return this.#prefix.length + bodyBytes
  }

  /**
   * Writes one packet at `at`, where `packetBytes` bytes are free; returns the offset behind it.
   * @param packetId 1 to 65,535; not written at QoS 0.
   */
  write(target: Uint8Array, at: number, packetId: number, body: Uint8Array): number {
    if (body.length !== this.#bodyBytes) this.#prepare(body.length)
    const prefix = this.#prefix
    const bodyAt = at + prefix.length
    if (prefix.length > LOOP_BYTES) target.set(prefix, at)
    else for (let index = 0; index < prefix.length; index++) target[at + index] = prefix[index] as number
    if (this.#qos > 0) {
      const idAt = bodyAt - this.#properties.length - 2
      target[idAt] = packetId >> 8
      target[idAt + 1] = packetId & 0xff
    }
    target.set(body, bodyAt)
    return bodyAt + body.length
  }

  #prepare(bodyBytes: number): void {
    const variableBytes = this.#topic.length + (this.#qos > 0 ? 2 : 0) + this.#properties.length
    const length = variableBytes + bodyBytes
    if (length > VARIABLE_INTEGER_MAX) throw new RangeError(`MQTT packets have at most ${VARIABLE_INTEGER_MAX} bytes`)
    const prefix = new Uint8Array(1 + variableIntegerBytes(length) + variableBytes)
    prefix[0] = this.#firstByte
    prefix.set(this.#topic, writeVariableInteger(prefix, 1, length))
    prefix.set(this.#properties, prefix.length - this.#properties.length)
    this.#prefix = prefix
    this.#bodyBytes = bodyBytes
  }
}
