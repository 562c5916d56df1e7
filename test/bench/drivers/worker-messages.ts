/** Between the benchmark and the processes that it measures: every order is answered once. */
import type { ClientKind, Protocol } from '../../../src/driver/driver.ts'
import type { Cost } from './exchange.ts'
import type { MessageBytes } from './floor.ts'

export type ToWorker =
  | {
      readonly kind: 'open-pairs'
      readonly protocol: Protocol
      readonly client: ClientKind
      /** Target URL of the broker. */
      readonly url: string
      /** One pair on a queue of its own for each. */
      readonly windows: readonly number[]
      readonly bodyBytes: number
    }
  /** Its window is 1. */
  | { readonly kind: 'open-floor'; readonly bytes: MessageBytes }
  | { readonly kind: 'measure'; readonly window: number; readonly seconds: number }

export type FromWorker =
  | { readonly kind: 'opened' }
  | { readonly kind: 'measured'; readonly cost: Cost }
  | { readonly kind: 'failed'; readonly text: string }
