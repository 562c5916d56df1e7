import { Delivery } from '../../protocol/amqp10/delivery.ts'
import { DESCRIPTOR } from '../../protocol/amqp10/descriptor.ts'
import { DISPOSITION_BYTES, writeDisposition } from '../../protocol/amqp10/disposition.ts'
import type { Flow } from '../../protocol/amqp10/flow.ts'
import type { AmqpFrame } from '../../protocol/amqp10/frame.ts'
import type { Transfer } from '../../protocol/amqp10/transfer.ts'
import type { DriverError } from '../driver-error.ts'
import { quietTime } from '../quiet-time.ts'
import { isRabbitPlugin } from './broker-kind.ts'
import type { LinkOwner } from './wire-link-owner.ts'
import type { WireLink } from './wire-link.ts'

const BATCH = 1000

/** Takes everything out of a queue by a link of its own; `emptied` resolves when the broker has no more. */
export class WireEmptying implements LinkOwner {
  readonly emptied: Promise<void>
  #resolve: () => void = () => undefined
  #reject: (cause: DriverError) => void = () => undefined
  #link: WireLink | null = null
  readonly #delivery = new Delivery()
  #deliveryCount = 0
  /** Messages of this batch. */
  #taken = 0
  /** Messages of all batches. */
  #takenInAll = 0
  #canDrain = true
  #onAvailable: (messages: number) => void = () => undefined

  constructor() {
    this.emptied = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Whoever waits hears of it; nobody need wait.
    this.emptied.catch(() => undefined)
  }

  begin(link: WireLink): void {
    this.#link = link
    this.#canDrain = !isRabbitPlugin(link.identity)
    this.#deliveryCount = link.initialDeliveryCount
    if (this.#canDrain) this.#askForMore()
    else void this.#untilNoneAvailable()
  }

  onTransfer(transfer: Transfer, frame: AmqpFrame): void {
    const link = this.#link
    const piece = this.#delivery.add(transfer, frame)
    if (link === null || piece === 'partial') return
    this.#deliveryCount = (this.#deliveryCount + 1) >>> 0
    this.#taken++
    this.#takenInAll++
    if (piece === 'whole') this.#accept(link, this.#delivery.id)
    // A broker that has used up the credit need not answer the drain.
    if (this.#taken === BATCH) this.#askForMore()
  }

  onDisposition(): void {
    // Nothing to settle here.
  }

  onFlow(flow: Flow): void {
    if (!this.#canDrain && flow.available >= 0) this.#onAvailable(flow.available)
    if (this.#link === null || !flow.isDrain || flow.linkCredit !== 0 || flow.deliveryCount < 0) return
    const hasNoMore = this.#taken === 0
    this.#deliveryCount = flow.deliveryCount
    if (hasNoMore) this.#resolve()
    else this.#askForMore()
  }

  onTurnEnd(): void {
    // Nothing is gathered over a turn.
  }

  onBlocked(): void {
    // Little is written here.
  }

  onDrain(): void {
    // See onBlocked.
  }

  onLost(cause: DriverError): void {
    this.#reject(cause)
  }

  #askForMore(): void {
    this.#taken = 0
    this.#link?.flow.send(this.#link.transport, this.#deliveryCount, BATCH, this.#canDrain)
  }

  /**
   * RabbitMQ's plugin cannot drain a link (3.10 ends the session with an error), but answers each flow with the number of
   * messages that are ready. Asked twice, because it puts what a consumer held back a moment after that one has gone;
   * silence would say nothing, as a broker that has other work is silent too.
   */
  async #untilNoneAvailable(): Promise<void> {
    for (let emptyRounds = 0; emptyRounds < 2;) {
      const takenBefore = this.#takenInAll
      const answered = new Promise<number>((resolve) => (this.#onAvailable = resolve))
      this.#askForMore()
      const isEmpty = (await answered) === 0 && this.#takenInAll === takenBefore
      emptyRounds = isEmpty ? emptyRounds + 1 : 0
      if (emptyRounds < 2) await quietTime()
    }
    this.#resolve()
  }

  #accept({ transport }: WireLink, id: number): void {
    const at = transport.reserve(DISPOSITION_BYTES)
    transport.commit(writeDisposition(transport.output, at, true, id, id, DESCRIPTOR.accepted))
  }
}
