/** What CONNACK, PUBACK and DISCONNECT codes mean. Pure. MQTT 3.1.1 section 3.2.2.3, MQTT 5 section 2.4. */
import { DriverError, type DriverErrorCode } from '../driver-error.ts'
import type { MqttVersion } from './session.ts'

/**
 * CONNACK's return or reason code as an error.
 * @param attempted begins the sentence: `MQTT 5 to mqtt://host:1883`.
 * @param words a text for the code: the library's, or `connackWords`.
 */
export function connackError(reason: number, words: string, attempted: string, version: MqttVersion): DriverError {
  const code = connackCode(reason)
  const advice =
    code === 'wrong-protocol' && version === '5' ? '; the broker does not speak MQTT 5, try ?version=3.1.1' : ''
  return new DriverError(code, `${attempted}: ${words} (code ${reason})${advice}`)
}

/** The specification's words for a CONNACK code that is not success. */
export function connackWords(reason: number): string {
  return `connection refused: ${CONNACK_WORDS[reason] ?? 'no reason that the specification names'}`
}

/** Whether a reason code of PUBACK says that the message was not taken. */
export function isRefusal(reason: number): boolean {
  return reason >= 0x80
}

/** The code under which refused messages are counted. */
export function refusalCode(reason: number): string {
  return `reason code ${reason}`
}

/** DISCONNECT from an MQTT 5 broker in the middle of work. */
export function disconnectError(reason: number, attempted: string): DriverError {
  return new DriverError(disconnectCode(reason), `${attempted}: the broker disconnected with reason code ${reason}`)
}

function connackCode(reason: number): DriverErrorCode {
  switch (reason) {
    case 1: // unacceptable protocol version
    case 132: // unsupported protocol version
      return 'wrong-protocol'
    case 4: // bad user name or password
    case 5: // not authorised: Mosquitto and Artemis say this for a wrong password
    case 134:
    case 135:
    case 140: // bad authentication method
      return 'authentication'
    case 3: // server unavailable
    case 136:
    case 137: // server busy
    case 151: // quota exceeded
    case 159: // connection rate exceeded
      return 'resource-limit'
    case 2: // client id rejected
    case 133:
    case 138: // banned
      return 'not-permitted'
    default:
      return 'protocol-error'
  }
}

function disconnectCode(reason: number): DriverErrorCode {
  switch (reason) {
    case 135: // not authorised
    case 142: // session taken over
    case 144: // topic name invalid
      return 'not-permitted'
    case 129: // malformed packet
    case 130: // protocol error
    case 147: // receive maximum exceeded
    case 148: // topic alias invalid
    case 149: // packet too large
      return 'protocol-error'
    case 137: // server busy
    case 150: // message rate too high
    case 151: // quota exceeded
      return 'resource-limit'
    default:
      return 'closed'
  }
}

const CONNACK_WORDS: Readonly<Record<number, string>> = {
  1: 'unacceptable protocol version',
  2: 'identifier rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorised',
  128: 'unspecified error',
  129: 'malformed packet',
  130: 'protocol error',
  131: 'implementation specific error',
  132: 'unsupported protocol version',
  133: 'client identifier not valid',
  134: 'bad user name or password',
  135: 'not authorised',
  136: 'server unavailable',
  137: 'server busy',
  138: 'banned',
  140: 'bad authentication method',
  144: 'topic name invalid',
  149: 'packet too large',
  151: 'quota exceeded',
  153: 'payload format invalid',
  154: 'retain not supported',
  155: 'QoS not supported',
  156: 'use another server',
  157: 'server moved',
  159: 'connection rate exceeded',
}
