/** One run of the real command that the gate passes or refuses, and what was done so that it does. */
import type { VerdictKind } from '../../../src/result/result.ts'

export interface GateCase {
  /** The reason that has to be printed; null for the run that the gate passes. */
  readonly code: string | null
  readonly kind: VerdictKind
  /** What was done and to whom, one or two sentences. */
  readonly story: string
  /** After `brokermark run`; `TARGET` stands for the URL of what the case starts. */
  readonly words: readonly string[]
  /** What runs while the command does; none where the words name the broker inside. */
  readonly peer?: GatePeer
  /** Runs on the same broker before, after `brokermark run`. */
  readonly before?: readonly (readonly string[])[]
  readonly disturbance?: Disturbance
  /** The floor is measured first, which takes some seconds. */
  readonly floor?: boolean
  /** It needs a quiet machine; elsewhere the page shows what the gate said instead. */
  readonly quietOnly?: boolean
  /** It takes a minute and hardly any CPU: such cases are run at the same time. */
  readonly long?: boolean
}

/** Whom the run talks to. */
export type GatePeer =
  /** `brokermark broker NAMED` in a process of its own; its URL of this scheme. `login` goes before the host. */
  | {
      readonly kind: 'broker'
      readonly named: string
      readonly scheme?: string
      readonly login?: string
      readonly path?: string
    }
  /** Like it, over TLS with a certificate that nobody signed. */
  | { readonly kind: 'untrusted-broker' }
  /** No broker at all. */
  | { readonly kind: 'nobody' | 'mute' | 'web-server' | 'twice-connected' | 'over-quota' }

/** What is done to the generator's process, or beside it, while it runs. */
export type Disturbance =
  /** Stopped by SIGSTOP for so long, again and again, from so long after its start. */
  | { readonly kind: 'freeze'; readonly forMs: number; readonly everyMs: number; readonly fromMs: number }
  /** So many processes that compute without rest on the same cores, from so long after its start. */
  | { readonly kind: 'neighbours'; readonly processes: number; readonly fromMs: number }
  /** SIGKILL of the process that it has a repetition in, so long after its start. */
  | { readonly kind: 'kill-client'; readonly afterMs: number }
  /** Ctrl-C, so long after its start. */
  | { readonly kind: 'interrupt'; readonly afterMs: number }

/** No unmeasured load before: what is shown here needs no settled client or broker. */
export const UNWARMED = typed('--set phases.clientWarmupSeconds=0 --set phases.brokerWarmupSeconds=0')

/** Words without blanks in them. */
export function typed(line: string): readonly string[] {
  return line.split(' ')
}

/** One producer and one consumer for so many measured seconds after one of warm-up. */
export function pairFor(seconds: number, warmupSeconds = 1): readonly string[] {
  return ['-x', '1', '-y', '1', '-z', String(seconds), '--set', `phases.warmupSeconds=${warmupSeconds}`]
}

/** The embedded broker as one that runs elsewhere, with switches. */
export function beside(switches = ''): GatePeer {
  return { kind: 'broker', named: switches === '' ? 'embedded' : `embedded:?${switches}` }
}
