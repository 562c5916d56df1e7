import type { ReceivedSet } from './delivery-ledger.ts'
import { compareSequences, countFrom, type SequenceChunk } from './sequence-set.ts'

/** One producer's side of the ledger. */
export interface ProducerLedger {
  readonly producer: number
  /** Sequence numbers 0..attempted-1 were handed to the driver. */
  readonly attempted: number
  /** Those that must arrive: confirmed, or all sent where nothing is confirmed. */
  readonly due: readonly SequenceChunk[]
  /** Those that the broker refused. */
  readonly refused: readonly SequenceChunk[]
}

/** Who must receive which producers: one entry per destination for queues, one per consumer for topics. */
export interface ReceiverScope {
  readonly scope: number
  readonly producers: readonly number[]
}

export interface Reconciliation {
  /** Distinct messages received, over all scopes. */
  readonly received: number
  /** Due and not received. */
  readonly missing: number
  /** Received though not due: the outcome of their publish was unknown or refused. */
  readonly recovered: number
  /** Received though the broker had refused them, so that the producer takes them for undelivered. */
  readonly aborted: number
  /** Received with a sequence number that was never sent. */
  readonly impossible: number
  /** Received by more than one consumer, each time after the first; repeats to one consumer are its own to count. */
  readonly overlap: number
}

/** Compares what was due with what was received, exactly, over all threads (method.md R6.2). */
export function reconcile(
  producers: readonly ProducerLedger[],
  received: readonly ReceivedSet[],
  scopes: readonly ReceiverScope[],
): Reconciliation {
  const byScopeAndProducer = new Map<string, (readonly SequenceChunk[])[]>()
  for (const set of received) {
    const key = `${set.scope}/${set.producer}`
    byScopeAndProducer.set(key, [...(byScopeAndProducer.get(key) ?? []), set.chunks])
  }
  const ledgers = new Map(producers.map((ledger) => [ledger.producer, ledger]))
  const total = { received: 0, missing: 0, recovered: 0, aborted: 0, impossible: 0, overlap: 0 }
  for (const { chunks } of received) total.overlap += compareSequences([], [chunks]).inB
  for (const { scope, producers: expected } of scopes) {
    for (const producer of expected) {
      const ledger = ledgers.get(producer)
      if (ledger === undefined) continue
      const sets = byScopeAndProducer.get(`${scope}/${producer}`) ?? []
      const compared = compareSequences([ledger.due], sets)
      const impossible = countFrom(sets, ledger.attempted)
      total.received += compared.inB - impossible
      total.overlap -= compared.inB
      total.missing += compared.onlyInA
      total.recovered += compared.onlyInB - impossible
      const refused = compareSequences([ledger.refused], sets)
      total.aborted += refused.inB - refused.onlyInB
      total.impossible += impossible
    }
  }
  return total
}
