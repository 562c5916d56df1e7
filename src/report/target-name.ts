/** Short names for targets, for column heads that stand side by side. Pure. */
import type { Result } from '../result/result.ts'

const longestName = 16

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

/**
 * The first of these that is short and different for every target: the target itself, its protocol, its broker, broker
 * and protocol, its scheme; else the letters A, B, C ...
 */
export function shortNames(result: Result): ReadonlyMap<string, string> {
  const targets = [...new Set(result.cells.map((cell) => cell.target))]
  const facts = targets.map((target) => {
    const found = result.targets.find((one) => one.target === target)
    const protocol = found?.protocol ?? result.cells.find((cell) => cell.target === target)?.protocol ?? ''
    return { target, protocol: protocolName(protocol), broker: found?.broker ?? '' }
  })
  const candidates = [
    facts.map(({ target }) => target),
    facts.map(({ protocol }) => protocol),
    facts.map(({ broker }) => broker),
    facts.map(({ broker, protocol }) => `${broker.split(' ')[0] ?? ''} ${protocol}`.trim()),
    facts.map(({ target }) => target.split(':')[0] ?? ''),
  ]
  const fitting = candidates.find(
    (names) => new Set(names).size === names.length && names.every((name) => name !== '' && name.length <= longestName),
  )
  return new Map(targets.map((target, place) => [target, fitting?.[place] ?? letter(place)]))
}

function letter(place: number): string {
  const first = String.fromCharCode(65 + (place % 26))
  return place < 26 ? first : `${letter(Math.floor(place / 26) - 1)}${first}`
}
