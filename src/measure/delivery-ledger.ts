import { SequenceSet, type SequenceChunk } from './sequence-set.ts'

/** What one delivery was to the ledger. `repeat`: seen before on this thread. `late`: first, but after a younger one. */
export type DeliveryKind = 'first' | 'late' | 'repeat'

/** The set of one producer's messages that one scope has received, as it travels to the main thread. */
export interface ReceivedSet {
  /** With queues 0: all consumers of a destination are one receiver. With topics the consumer's index. */
  readonly scope: number
  readonly producer: number
  readonly chunks: readonly SequenceChunk[]
}

/**
 * Who received what on one thread. Queues keep one exact set per producer for the thread, topics one per producer and
 * subscription; order is judged per producer and consumer connection, since competing consumers owe none to each other
 * (method.md R6.1, R6.2).
 */
export class DeliveryLedger {
  readonly #perConsumer: boolean
  readonly #sets = new Map<number, Map<number, SequenceSet>>()

  /** @param perConsumer true for topics. */
  constructor(perConsumer: boolean) {
    this.#perConsumer = perConsumer
  }

  /** The view of one consumer connection; it holds the per-producer high-water marks of that connection. */
  forConsumer(consumer: number): ConsumerLedger {
    const scope = this.#perConsumer ? consumer : 0
    let sets = this.#sets.get(scope)
    if (sets === undefined) {
      sets = new Map()
      this.#sets.set(scope, sets)
    }
    return new ConsumerLedger(sets)
  }

  toReceivedSets(): ReceivedSet[] {
    return [...this.#sets].flatMap(([scope, sets]) =>
      [...sets].map(([producer, set]) => ({ scope, producer, chunks: set.toChunks() })),
    )
  }
}

/** One producer's traffic on one consumer connection. */
interface Stream {
  readonly set: SequenceSet
  high: number
}

export class ConsumerLedger {
  readonly #sets: Map<number, SequenceSet>
  readonly #streams = new Map<number, Stream>()
  #hotProducer = -1
  #hot: Stream = { set: new SequenceSet(), high: -1 }

  constructor(sets: Map<number, SequenceSet>) {
    this.#sets = sets
  }

  receive(producer: number, sequence: number): DeliveryKind {
    if (producer !== this.#hotProducer) this.#select(producer)
    const stream = this.#hot
    if (!stream.set.add(sequence)) return 'repeat'
    if (sequence < stream.high) return 'late'
    stream.high = sequence
    return 'first'
  }

  #select(producer: number): void {
    let stream = this.#streams.get(producer)
    if (stream === undefined) {
      let set = this.#sets.get(producer)
      if (set === undefined) {
        set = new SequenceSet()
        this.#sets.set(producer, set)
      }
      stream = { set, high: -1 }
      this.#streams.set(producer, stream)
    }
    this.#hotProducer = producer
    this.#hot = stream
  }
}
