/**
 * The in-memory reference driver: what the harness itself costs when bytes travel nowhere. Queues live in one thread,
 * so producers and consumers of a destination must be on the same one. Reachable as `--target loopback:`.
 */
import type {
  Admin,
  Consumer,
  ConsumerEvents,
  ConsumerSpec,
  Driver,
  Publisher,
  PublisherEvents,
  PublisherSpec,
} from '../driver.ts'
import { LoopbackQueue } from './loopback-queue.ts'

const queues = new Map<string, LoopbackQueue>()

function queueOf(name: string): LoopbackQueue {
  let queue = queues.get(name)
  if (queue === undefined) {
    queue = new LoopbackQueue()
    queues.set(name, queue)
  }
  return queue
}

const NO_WIRE = { writes: null, bytesWritten: null, bytesRead: null }

export const loopback: Driver = {
  protocol: 'loopback',
  client: 'wire',
  clientVersion: 'brokermark loopback',
  capabilities: {
    queues: 'native',
    topics: 'none',
    confirms: true,
    pipelining: true,
    durable: false,
    acknowledge: ['each', 'auto', 'every'],
    prefetch: true,
    competingConsumers: 'native',
    declareArguments: false,
    removeQueue: true,
    transactions: false,
    ttl: false,
    priority: false,
    headers: false,
    durableSubscriptions: false,
    sharedSubscriptions: false,
    transports: ['memory'],
  },
  openAdmin: () => Promise.resolve(admin()),
  openPublisher: (_endpoint, _options, spec, events) => Promise.resolve(openPublisher(spec, events)),
  openConsumer: (_endpoint, _options, spec, events) => Promise.resolve(openConsumer(spec, events)),
}

function openPublisher(spec: PublisherSpec, events: PublisherEvents): Publisher {
  const queue = queueOf(spec.destination.name)
  const settle = spec.confirm ? (first: number, last: number) => events.onSettled(first, last, 'confirmed', null) : null
  const publisherId = queue.addPublisher(settle)
  return {
    publish: (body, sequence) => {
      queue.put(body, publisherId, sequence)
      return 'accepted'
    },
    counters: () => NO_WIRE,
    close: () => Promise.resolve(),
  }
}

function openConsumer(spec: ConsumerSpec, events: ConsumerEvents): Consumer {
  const queue = queueOf(spec.destination.name)
  const place = queue.addConsumer(spec.acknowledge.kind === 'auto' ? Infinity : spec.prefetch, (body) =>
    events.onDelivery(body, false, 0),
  )
  return {
    acknowledge: () => queue.acknowledge(place),
    counters: () => NO_WIRE,
    close: () => {
      queue.removeConsumer(place)
      return Promise.resolve()
    },
  }
}

function admin(): Admin {
  return {
    identity: { product: 'brokermark loopback', version: null },
    declare: () => Promise.resolve(),
    remove: (destination) => {
      queues.delete(destination.name)
      return Promise.resolve('removed')
    },
    close: () => Promise.resolve(),
  }
}
