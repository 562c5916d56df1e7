import type { Problem } from '../../workload/problem.ts'
import type { FaultCounts } from './fault-model.ts'
import type { ListeningPorts } from './listeners.ts'

/** From the process that started the broker. The first is `start`, once. */
export type ToEmbedded =
  | { readonly kind: 'start'; readonly switches: Readonly<Record<string, string>> }
  | { readonly kind: 'faultCounts' }
  | { readonly kind: 'stop' }

/** From the broker's process: one answer to each message, none to `stop`. */
export type FromEmbedded =
  | { readonly kind: 'listening'; readonly ports: ListeningPorts }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'faultCounts'; readonly counts: FaultCounts }
