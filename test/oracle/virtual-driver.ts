import type { FaultModel } from '../../src/broker/embedded/fault-model.ts'
import { corruptedByte, DISPLACED_QUIET_US } from '../../src/broker/embedded/fault-model.ts'
import { Displacement } from '../../src/broker/embedded/displacement.ts'
import type { ConsumerEvents, ConsumerSpec, Driver, PublisherEvents } from '../../src/driver/driver.ts'
import { loopback } from '../../src/driver/loopback/loopback.ts'
import type { VirtualTime } from './virtual-timing.ts'

interface Waiting {
  readonly body: Buffer
  readonly copies: number
}

/** A queue of the stub in virtual time; competing consumers are served in turn. */
class VirtualQueue {
  readonly consumers: { readonly spec: ConsumerSpec; readonly events: ConsumerEvents }[] = []
  readonly displacement: Displacement<Waiting>
  published = 0
  depth = 0
  #turn = 0

  constructor(model: FaultModel) {
    this.displacement = new Displacement(model, (message) => this.#deliver(message))
  }

  #deliver({ body, copies }: Waiting): void {
    this.depth--
    for (let copy = 0; copy < copies; copy++) {
      const consumer = this.consumers[this.#turn % this.consumers.length]
      // Both copies go to one consumer: a duplicate is one wherever it arrives, but order is judged per consumer.
      consumer?.events.onDelivery(body, copy > 0, 0)
    }
    this.#turn++
  }
}

/** The stub broker in virtual time behind the driver seam: the fault model of the embedded broker, without its sockets. */
export class VirtualBroker {
  readonly #time: VirtualTime
  readonly #model: FaultModel
  /** Messages of each transaction, in the order of their commits. */
  readonly transactions: number[] = []
  readonly #queues = new Map<string, VirtualQueue>()

  constructor(time: VirtualTime, model: FaultModel) {
    this.#time = time
    this.#model = model
  }

  /** Messages that are in the queues. */
  get depth(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.depth, 0)
  }

  get driver(): Driver {
    return {
      ...loopback,
      openPublisher: (_endpoint, _options, spec, events) => {
        const queue = this.#queueOf(spec.destination.name)
        const open: { readonly body: Buffer; readonly sequence: number }[] = []
        return Promise.resolve({
          publish: (body: Uint8Array, sequence: number) => {
            if (spec.transacted === true) open.push({ body: Buffer.from(body), sequence })
            else this.#publish(queue, Buffer.from(body), sequence, spec.confirm, events)
            return 'accepted' as const
          },
          commit: () => {
            this.transactions.push(open.length)
            for (const { body, sequence } of open.splice(0)) this.#publish(queue, body, sequence, spec.confirm, events)
          },
          counters: () => ({ writes: null, bytesWritten: null, bytesRead: null }),
          close: () => Promise.resolve(),
        })
      },
      openConsumer: (_endpoint, _options, spec, events) => {
        this.#queueOf(spec.destination.name).consumers.push({ spec, events })
        return Promise.resolve({
          acknowledge: () => undefined,
          counters: () => ({ writes: null, bytesWritten: null, bytesRead: null }),
          close: () => Promise.resolve(),
        })
      },
    }
  }

  #publish(queue: VirtualQueue, body: Buffer, sequence: number, confirm: boolean, events: PublisherEvents): void {
    const fate = this.#model.onPublish(++queue.published, this.#time.nowUs())
    const { answered, copies, displaceBy, corrupt, serveAtUs, deliverAtUs } = fate
    if (!answered) return
    if (corrupt) body.writeUInt8(body.readUInt8(corruptedByte(body.length)) ^ 0xff, corruptedByte(body.length))
    if (copies > 0) {
      queue.depth++
      if (deliverAtUs !== Infinity) this.#time.at(deliverAtUs, () => this.#offer(queue, { body, copies }, displaceBy))
    }
    if (confirm) this.#time.at(serveAtUs, () => events.onSettled(sequence, sequence, 'confirmed', null))
  }

  #offer(queue: VirtualQueue, message: Waiting, displaceBy: number): void {
    queue.displacement.offer(message, displaceBy, this.#time.nowUs())
    if (queue.displacement.size === 0) return
    this.#time.at(this.#time.nowUs() + DISPLACED_QUIET_US, () => queue.displacement.releaseQuiet(this.#time.nowUs()))
  }

  #queueOf(name: string): VirtualQueue {
    let queue = this.#queues.get(name)
    if (queue === undefined) {
      queue = new VirtualQueue(this.#model)
      this.#queues.set(name, queue)
    }
    return queue
  }
}
