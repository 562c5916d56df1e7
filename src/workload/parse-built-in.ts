/** Targets without an address: the broker inside, with its switches, and the in-memory driver. */
import type { Protocol } from '../driver/driver.ts'
import { suggestion } from './nearest.ts'
import type { Problem } from './problem.ts'
import { isOptionOf, readOptions } from './target-options.ts'
import { EXACT_SCHEMES } from './target-schemes.ts'
import type { EmbeddedTarget, LoopbackTarget } from './target.ts'

/** What is spoken with the embedded broker where the target does not say. */
const DEFAULT_PROTOCOL = 'stomp'

/** Switches of the embedded broker that no result may show. */
const HIDDEN_SWITCHES: readonly string[] = ['username', 'password', 'tlsCertificate', 'tlsKey', 'tlsClientCa']

type ParsedBuiltIn =
  EmbeddedTarget | LoopbackTarget | { readonly kind: 'problems'; readonly problems: readonly Problem[] }

/** @param url `embedded:`, `embedded:?protocol=mqtt&version=5&stallMs=500`, `loopback:`. */
export function parseBuiltIn(url: string, kind: 'embedded' | 'loopback'): ParsedBuiltIn {
  const label = builtInLabel(url, kind)
  if (!/^[a-z]+:?(?:\/\/)?(?:\?(.*))?$/.test(url)) {
    return {
      kind: 'problems',
      problems: [{ path: label, text: `${kind} has no address: write ${kind}: or ${kind}:?option=value` }],
    }
  }
  const switches = switchesOf(url)
  if (kind === 'loopback') return { kind, label, faults: Object.fromEntries(switches) }
  const name = switches.find(([option]) => option === 'protocol')?.[1] ?? DEFAULT_PROTOCOL
  const scheme = Object.values(EXACT_SCHEMES).find(
    ({ protocol, transport }) => protocol === name && transport === 'tcp',
  )
  if (scheme === undefined) {
    const text = `protocol= is what is spoken with the embedded broker, ${suggestion(name, EMBEDDED_PROTOCOLS)}`
    return { kind: 'problems', problems: [{ path: label, text }] }
  }
  const problems: Problem[] = []
  const own = switches.filter(([option]) => isOptionOf(scheme.protocol, option))
  const { protocolOptions } = readOptions(scheme, name, own, problems)
  if (problems.length > 0) return { kind: 'problems', problems: problems.map(({ text }) => ({ path: label, text })) }
  const faults = switches.filter(([option]) => option !== 'protocol' && !isOptionOf(scheme.protocol, option))
  return { kind, label, protocol: scheme.protocol, options: protocolOptions, faults: Object.fromEntries(faults) }
}

const EMBEDDED_PROTOCOLS: readonly Protocol[] = ['stomp', 'mqtt', 'amqp091', 'amqp10', 'openwire']

/** How results name the target: with its switches, but without those that are secret or lie on a disk. */
export function builtInLabel(url: string, kind: string): string {
  const shown = switchesOf(url).filter(([name]) => !HIDDEN_SWITCHES.includes(name))
  return `${kind}:${shown.length === 0 ? '' : `?${shown.map(([name, value]) => `${name}=${value}`).join('&')}`}`
}

function switchesOf(url: string): readonly (readonly [string, string])[] {
  return [...new URLSearchParams(/\?(.*)$/s.exec(url)?.[1] ?? '')]
}
