/** PUBACK, PUBREC, PUBREL and PUBCOMP, written in place: nothing but a packet id, which means success in MQTT 5 as well. */
import { fixedFlags } from './packet-type.ts'
import type { PACKET_TYPE } from './packet-type.ts'

/** The packets that answer a PUBLISH at QoS 1 (PUBACK) and 2 (the others, in this order, PUBREL from the sender). */
export type AcknowledgementType = (typeof PACKET_TYPE)['puback' | 'pubrec' | 'pubrel' | 'pubcomp']

export const ACKNOWLEDGEMENT_BYTES = 4

/** Writes ACKNOWLEDGEMENT_BYTES at `at`; returns the offset behind them. @param packetId 1 to 65,535 */
export function writeAcknowledgement(
  target: Uint8Array,
  at: number,
  type: AcknowledgementType,
  packetId: number,
): number {
  target[at] = (type << 4) | fixedFlags(type)
  target[at + 1] = 2
  target[at + 2] = packetId >> 8
  target[at + 3] = packetId & 0xff
  return at + 4
}
