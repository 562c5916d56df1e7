import type { DriverError } from '../../src/driver/driver-error.ts'
import type { Consumer, ConsumerEvents, MessageProperties } from '../../src/driver/driver.ts'
import { faultOf, producerOf, sequenceOf } from './contract-body.ts'
import { eventually } from './eventually.ts'

/** One delivery, with a copy of nothing but what the body said. */
export interface RecordedDelivery {
  readonly producer: number
  readonly sequence: number
  readonly bytes: number
  readonly redelivered: boolean
  readonly token: number
  /** Null where they were not asked for. */
  readonly properties: MessageProperties | null
}

/** One consumer of a contract test: checks every body whole, and acknowledges at once unless told to hold. */
export class ConsumerRecorder implements ConsumerEvents {
  readonly clientId: string
  readonly acknowledgesAtOnce: boolean
  readonly deliveries: RecordedDelivery[] = []
  readonly violations: string[] = []
  readonly closedBy: DriverError[] = []
  /** Set by `recordProperties`, because a driver may tell by it whether anybody asks. */
  onProperties?: (properties: MessageProperties) => void
  #properties: MessageProperties | null = null
  #consumer: Consumer | null = null
  #acknowledged = 0

  /** @param acknowledgesAtOnce acknowledge each delivery as it comes; false: the test does it. */
  constructor(clientId: string, acknowledgesAtOnce: boolean) {
    this.clientId = clientId
    this.acknowledgesAtOnce = acknowledgesAtOnce
  }

  get consumer(): Consumer {
    if (this.#consumer === null) throw new Error('the consumer was not opened')
    return this.#consumer
  }

  set consumer(consumer: Consumer) {
    this.#consumer = consumer
    // Delivery may begin before openConsumer has resolved; those are acknowledged as soon as there is something to ask.
    if (this.acknowledgesAtOnce) this.acknowledgeTo(this.deliveries.length)
  }

  /** Before the consumer is opened: every delivery is to come with its properties. */
  recordProperties(): void {
    this.onProperties = (properties) => {
      if (this.#properties !== null) this.violations.push('onProperties twice without a delivery')
      this.#properties = properties
    }
  }

  onDelivery(body: Uint8Array, redelivered: boolean, token: number): void {
    const fault = body.length < 8 ? `a body of ${body.length} bytes` : faultOf(body, body.length)
    if (fault !== null) this.violations.push(`delivery ${this.deliveries.length}: ${fault}`)
    if (typeof token !== 'number') this.violations.push('a token that is not a number')
    if (this.onProperties !== undefined && this.#properties === null) {
      this.violations.push(`delivery ${this.deliveries.length} without onProperties`)
    }
    this.deliveries.push({
      producer: producerOf(body),
      sequence: sequenceOf(body),
      bytes: body.length,
      redelivered,
      token,
      properties: this.#properties,
    })
    this.#properties = null
    if (this.acknowledgesAtOnce && this.#consumer !== null) this.acknowledgeTo(this.deliveries.length)
  }

  onClosed(cause: DriverError): void {
    this.closedBy.push(cause)
    if (this.closedBy.length > 1) this.violations.push('onClosed twice')
  }

  /** Acknowledges, in order of delivery, all up to the first `count` deliveries. */
  acknowledgeTo(count: number): void {
    while (this.#acknowledged < count) {
      const delivery = this.deliveries[this.#acknowledged++]
      if (delivery !== undefined) this.consumer.acknowledge(delivery.token)
    }
  }

  async received(count: number): Promise<void> {
    await eventually(
      () => this.deliveries.length >= count,
      `${count} deliveries`,
      () => `(${this.deliveries.length} came, closed by ${this.closedBy[0]?.message ?? 'nothing'})`,
    )
  }

  /** Sequences of one producer in order of delivery. */
  sequences(producer: number): number[] {
    return this.deliveries.filter((each) => each.producer === producer).map((each) => each.sequence)
  }
}
