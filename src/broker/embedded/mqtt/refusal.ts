/** Reason codes of MQTT 5 (section 2.4) with which the broker ends a connection or refuses a message. */
export const REASON = {
  malformedPacket: 0x81,
  protocolError: 0x82,
  implementationSpecific: 0x83,
  unsupportedProtocolVersion: 0x84,
  clientIdentifierNotValid: 0x85,
  badUserNameOrPassword: 0x86,
  keepAliveTimeout: 0x8d,
  sessionTakenOver: 0x8e,
  topicFilterInvalid: 0x8f,
  topicNameInvalid: 0x90,
  quotaExceeded: 0x97,
  retainNotSupported: 0x9a,
} as const

/** What the client did ends its connection; MQTT 5 tells it the code and the words. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly reasonCode: number

  constructor(reasonCode: number, words: string) {
    super(words)
    this.reasonCode = reasonCode
  }
}

/** Return codes of MQTT 3.1.1 (section 3.2.2.3) for a CONNECT that is refused with a reason code of MQTT 5. */
const RETURN_CODES: Readonly<Record<number, number>> = {
  [REASON.unsupportedProtocolVersion]: 1,
  [REASON.clientIdentifierNotValid]: 2,
  [REASON.implementationSpecific]: 3,
  [REASON.badUserNameOrPassword]: 4,
}

export function returnCodeOf(reasonCode: number): number {
  return RETURN_CODES[reasonCode] ?? 5
}
