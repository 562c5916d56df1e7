/** CONNECT as a server reads it: MQTT 3.1.1 section 3.1, MQTT 5 section 3.1. */
import type { BrokenPacket } from './broken-packet.ts'
import type { MqttPacket } from './packet.ts'
import type { ProtocolLevel } from './packet-type.ts'
import { endOfProperties, numberOfProperty, PROPERTY } from './properties.ts'
import { textAt, textEnd } from './text.ts'
import { endOfVariableInteger, readVariableInteger } from './variable-integer.ts'

/** Bits of the connect flags. */
const RESERVED = 0x01
const CLEAN = 0x02
const WILL = 0x04
const WILL_QOS_AND_RETAIN = 0x38
const PASSWORD = 0x40
const USERNAME = 0x80

/** Who a client says it is, and what it wants kept. */
export interface Connect {
  readonly level: ProtocolLevel
  /** Empty: the server is to make one. */
  readonly clientId: string
  readonly clean: boolean
  /** A message to be published when the connection is lost. */
  readonly hasWill: boolean
  /** 0: none. */
  readonly keepAliveSeconds: number
  readonly username: string | null
  readonly password: string | null
  /** Seconds for which the session is to be kept after the connection; Infinity: for ever. */
  readonly sessionExpirySeconds: number
  /** QoS 1 and 2 messages that the client takes unacknowledged: 1 to 65,535. */
  readonly receiveMaximum: number
  /** Bytes of one packet that the client takes; Infinity where it names no limit. */
  readonly maximumPacketBytes: number
}

/** Protocol level as it stands in a CONNECT that `brokenConnect` found whole; anything but 4 and 5 is not spoken here. */
export function levelOf({ buffer, start, end }: MqttPacket): number {
  return buffer[textEnd(buffer, start, end)] as number
}

/** Where a CONNECT is not what the specification says; null where it is. Of other levels only the beginning is looked at. */
export function brokenConnect({ buffer, start, end }: MqttPacket): BrokenPacket | null {
  const levelAt = textEnd(buffer, start, end)
  if (levelAt < 0 || levelAt + 4 > end) return { at: 0, expected: 'protocol name, level, flags and keep-alive' }
  if (!isProtocolName(buffer, start, levelAt)) return { at: 0, expected: 'the protocol name MQTT' }
  const level = buffer[levelAt]
  if (level !== 4 && level !== 5) return null
  const flags = buffer[levelAt + 1] as number
  const isWillHalf = (flags & WILL) === 0 && (flags & WILL_QOS_AND_RETAIN) !== 0
  const isUserHalf = level === 4 && (flags & USERNAME) === 0 && (flags & PASSWORD) !== 0
  if ((flags & RESERVED) !== 0 || isWillHalf || isUserHalf) {
    return { at: levelAt + 1 - start, expected: 'connect flags that go together' }
  }
  let position = levelAt + 4
  const broken = (expected: string): BrokenPacket => ({ at: position - start, expected })
  for (const part of partsOf(level, flags)) {
    const next = part === 'properties' ? endOfProperties(buffer, position, end) : textEnd(buffer, position, end)
    if (next < 0) return broken(`${part}, whole`)
    position = next
  }
  return position === end ? null : broken('nothing behind the last field')
}

/** What a CONNECT says that `brokenConnect` found whole, of level 4 or 5. */
export function readConnect(packet: MqttPacket): Connect {
  const { buffer, start, end } = packet
  const levelAt = textEnd(buffer, start, end)
  const level = buffer[levelAt] === 5 ? 5 : 4
  const flags = buffer[levelAt + 1] as number
  const clean = (flags & CLEAN) !== 0
  const texts = new Map<string, string>()
  let limits: Limits = {
    sessionExpirySeconds: clean ? 0 : Infinity,
    receiveMaximum: 65_535,
    maximumPacketBytes: Infinity,
  }
  let position = levelAt + 4
  let isFirst = true
  for (const part of partsOf(level, flags)) {
    if (part !== 'properties') {
      texts.set(part, textAt(buffer, position))
      position = textEnd(buffer, position, end)
      continue
    }
    const from = endOfVariableInteger(buffer, position)
    position = from + readVariableInteger(buffer, position, end)
    // The second ones are the will's.
    if (isFirst) limits = limitsOf(buffer, from, position)
    isFirst = false
  }
  return {
    ...{ level, clean, hasWill: (flags & WILL) !== 0, clientId: texts.get('client id') ?? '' },
    keepAliveSeconds: ((buffer[levelAt + 2] as number) << 8) | (buffer[levelAt + 3] as number),
    username: texts.get('user name') ?? null,
    password: texts.get('password') ?? null,
    ...limits,
  }
}

type Limits = Pick<Connect, 'sessionExpirySeconds' | 'receiveMaximum' | 'maximumPacketBytes'>

function limitsOf(buffer: Uint8Array, start: number, end: number): Limits {
  const expiry = numberOfProperty(buffer, start, end, PROPERTY.sessionExpirySeconds, 4) ?? 0
  return {
    sessionExpirySeconds: expiry === 0xffff_ffff ? Infinity : expiry,
    receiveMaximum: numberOfProperty(buffer, start, end, PROPERTY.receiveMaximum, 2) ?? 65_535,
    maximumPacketBytes: numberOfProperty(buffer, start, end, PROPERTY.maximumPacketBytes, 4) ?? Infinity,
  }
}

/** Which fields follow the keep-alive, in order. */
function partsOf(level: number, flags: number): string[] {
  const properties = level === 5 ? ['properties'] : []
  return [
    ...properties,
    'client id',
    ...((flags & WILL) === 0 ? [] : [...properties, 'will topic', 'will message']),
    ...((flags & USERNAME) === 0 ? [] : ['user name']),
    ...((flags & PASSWORD) === 0 ? [] : ['password']),
  ]
}

/** `MQTT`, or the name that MQTT 3.1 had. */
function isProtocolName(buffer: Uint8Array, start: number, end: number): boolean {
  if (end - start > 8) return false
  const name = textAt(buffer, start)
  return name === 'MQTT' || name === 'MQIsdp'
}
