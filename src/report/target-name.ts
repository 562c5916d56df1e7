/** Short names for targets, for column heads that stand side by side. Pure. */
import type { Result } from '../result/result.ts'

const longestName = 20

const protocolNames: Readonly<Record<string, string>> = {
  stomp: 'STOMP',
  mqtt: 'MQTT',
  amqp10: 'AMQP 1.0',
  amqp091: 'AMQP 0-9-1',
  openwire: 'OpenWire',
  loopback: 'loopback',
}

/** A protocol as people write it: `AMQP 1.0`. */
export function protocolName(protocol: string): string {
  return protocolNames[protocol] ?? protocol
}

/** The protocols of a target's ends: one, or the producers' and the consumers' where the target names both ends. */
export function protocolsOf(result: Result, target: string): readonly string[] {
  const cell = result.cells.find((one) => one.target === target)
  const producers = result.targets.find((one) => one.target === target)?.protocol ?? cell?.protocol ?? ''
  return cell === undefined || cell.consumer === null ? [producers] : [producers, cell.consumer.protocol]
}

/** `OpenWire`, or `OpenWire -> STOMP` where the target names both ends. */
export function protocolsName(result: Result, target: string): string {
  return protocolsOf(result, target).map(protocolName).join(ARROW)
}

const ARROW = ' -> '

/**
 * Product and version of a target, `ActiveMQ 5.18.3`: as it said itself, or, where its protocol does not say (MQTT), as
 * another target said that is the same process; null where nobody knows.
 */
export function brokerOf(result: Result, target: string): string | null {
  const found = result.targets.find((one) => one.target === target)
  if (found === undefined) return null
  if (found.broker !== null || !/^pid \d/.test(found.cpuSource)) return found.broker
  return result.targets.find((one) => one.broker !== null && one.cpuSource === found.cpuSource)?.broker ?? null
}

/**
 * The first of these that is short and different for every target: the target itself, its protocol, its broker, broker
 * and protocol, its scheme; else the letters A, B, C ...
 */
export function shortNames(result: Result): ReadonlyMap<string, string> {
  const targets = [...new Set(result.cells.map((cell) => cell.target))]
  const facts = targets.map((target) => {
    return { target, protocol: protocolsName(result, target), broker: brokerOf(result, target) ?? '' }
  })
  const candidates = [
    facts.map(({ target }) => target),
    facts.map(({ protocol }) => protocol),
    facts.map(({ broker }) => broker),
    facts.map(({ broker, protocol }) => `${broker.split(' ')[0] ?? ''} ${protocol}`.trim()),
    facts.map(({ target }) => target.split(':')[0] ?? ''),
  ]
  const fitting = candidates.find((names) => new Set(names).size === names.length && names.every(isShort))
  return new Map(targets.map((target, place) => [target, fitting?.[place] ?? letter(place)]))
}

/** Two ends may take twice the room. */
function isShort(name: string): boolean {
  return name !== '' && name.split(ARROW).every((end) => end.length <= longestName)
}

function letter(place: number): string {
  const first = String.fromCharCode(65 + (place % 26))
  return place < 26 ? first : `${letter(Math.floor(place / 26) - 1)}${first}`
}
