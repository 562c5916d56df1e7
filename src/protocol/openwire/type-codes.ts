/** Type codes of the commands that brokermark sends or reads (ActiveMQ `CommandTypes`). */
export const COMMAND = {
  wireFormatInfo: 1,
  brokerInfo: 2,
  connectionInfo: 3,
  sessionInfo: 4,
  consumerInfo: 5,
  producerInfo: 6,
  transactionInfo: 7,
  destinationInfo: 8,
  removeSubscriptionInfo: 9,
  keepAliveInfo: 10,
  shutdownInfo: 11,
  removeInfo: 12,
  connectionError: 16,
  consumerControl: 17,
  producerAck: 19,
  messageDispatch: 21,
  messageAck: 22,
  response: 30,
  exceptionResponse: 31,
  dataResponse: 32,
  dataArrayResponse: 33,
  integerResponse: 34,
} as const

/** Type codes of messages by the kind of their body. */
export const MESSAGE = { plain: 23, bytes: 24, map: 25, object: 26, stream: 27, text: 28, blob: 29 } as const

/** Type codes of what occurs nested in commands. */
export const NESTED = {
  queue: 100,
  topic: 101,
  temporaryQueue: 102,
  temporaryTopic: 103,
  messageId: 110,
  localTransactionId: 111,
  xaTransactionId: 112,
  connectionId: 120,
  sessionId: 121,
  consumerId: 122,
  producerId: 123,
  brokerId: 124,
} as const

/**
 * `ackType` of a MessageAck. `individual` covers only the last message id, the others a range; `delivered` and
 * `redelivered` end nothing, `poison` and `expired` end messages that were not consumed.
 */
export const ACK_TYPE = { delivered: 0, poison: 1, standard: 2, redelivered: 3, individual: 4, expired: 6 } as const

/** The version that is spoken; 10 and 11 have the same layouts of all that is used here. */
export const OPENWIRE_VERSION = 12
export const OPENWIRE_VERSION_MIN = 10
