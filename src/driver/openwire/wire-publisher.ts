import type { Throwable } from '../../protocol/openwire/answer.ts'
import { producerInfo } from '../../protocol/openwire/commands.ts'
import { MessageTemplate } from '../../protocol/openwire/message-template.ts'
import type { Connection } from '../../transport/connection.ts'
import { DriverError } from '../driver-error.ts'
import type {
  ConnectOptions,
  Publisher,
  PublisherEvents,
  PublisherSpec,
  PublishResult,
  WireCounters,
} from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { UnsettledWindow } from '../unsettled-window.ts'
import { shortClassName } from './wire-failure.ts'
import { OWN_COMMAND_IDS, WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'

/** Opens a producer on a session of its own; the command id of a message follows from its sequence. @throws DriverError */
export async function openWirePublisher(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: PublisherSpec,
  events: PublisherEvents,
): Promise<Publisher> {
  const startedMs = performance.now()
  const publisher = new WirePublisher(spec, events)
  const session = await WireSession.open(endpoint, options, publisher, spec.clientId)
  const leftMs = Math.max(1, options.timeoutMs - (performance.now() - startedMs))
  try {
    const ask = (commandId: number): Uint8Array => producerInfo(commandId, session.id, spec.destination)
    await session.request(ask, 'opening a producer', leftMs)
    publisher.attach(session)
  } catch (error) {
    await session.close()
    throw error
  }
  return publisher
}

class WirePublisher implements Publisher, SessionOwner {
  readonly #spec: PublisherSpec
  readonly #events: PublisherEvents
  readonly #unsettled = new UnsettledWindow()
  /** Null while opening: a loss is the error of `openWirePublisher` then, and not yet the business of `onClosed`. */
  #session: WireSession | null = null
  #connection!: Connection
  #template!: MessageTemplate
  #isBlocked = false
  #published = 0
  /** Confirms of this turn, merged: `first..last`; empty while `last` is -1. */
  #first = 0
  #last = -1
  /** The sequence that is likely to be answered next, from which a command id of 32 bits is understood. */
  #expected = 0

  constructor(spec: PublisherSpec, events: PublisherEvents) {
    this.#spec = spec
    this.#events = events
  }

  /** @throws DriverError where the broker would not read the largest message. */
  attach(session: WireSession): void {
    const { destination, persistent, confirm, bodyBytesMax } = this.#spec
    this.#template = new MessageTemplate({ producer: session.id, destination, persistent, responseRequired: confirm })
    if (this.#template.frameBytes(bodyBytesMax) > session.maxFrameBytes) {
      const limit = `reads frames of at most ${session.maxFrameBytes} bytes`
      const sentence = `${session.connection.peer} ${limit}, too few for messages of ${bodyBytesMax}`
      throw new DriverError('unsupported', sentence)
    }
    this.#session = session
    this.#connection = session.connection
    this.#connection.messagePerWrite = this.#spec.messagePerWrite === true
  }

  publish(body: Uint8Array, sequence: number): PublishResult {
    if (this.#isBlocked || this.#session?.isOpen !== true) return 'not-taken'
    const connection = this.#connection
    const at = connection.reserve(this.#template.frameBytes(body.length))
    const commandId = commandIdOf(sequence)
    const end = this.#template.write(connection.output, at, commandId, sequence + 1, Date.now(), body)
    if (this.#spec.confirm) this.#unsettled.accept(sequence)
    this.#published = sequence + 1
    connection.commit(end)
    return connection.isBlocked ? 'accepted-now-full' : 'accepted'
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  async close(): Promise<void> {
    await this.#session?.close()
    this.#settleAsUnknown()
  }

  onDispatch(): void {
    this.#session?.fail(
      new DriverError('protocol-error', `${this.#connection.peer} dispatched a message to a producer`),
    )
  }

  onAnswer(commandId: number, refused: Throwable | null): void {
    const sequence = this.#expected + ((commandId - commandIdOf(this.#expected)) | 0)
    if (this.#unsettled.settle(sequence) === 'none') {
      // Artemis, whose threads race for it, answers some messages twice; so Java's client overlooks that too.
      if (this.#spec.confirm && sequence >= 0 && sequence < this.#published) return
      const sentence = `${this.#connection.peer} answered a command ${commandId} that nobody waits for`
      this.#session?.fail(new DriverError('protocol-error', sentence))
      return
    }
    this.#expected = sequence + 1
    if (this.#last >= 0 && sequence !== this.#last + 1) this.onTurnEnd()
    if (refused !== null) {
      this.onTurnEnd()
      this.#events.onSettled(sequence, sequence, 'refused', shortClassName(refused))
      return
    }
    if (this.#last < 0) this.#first = sequence
    this.#last = sequence
  }

  onTurnEnd(): void {
    const last = this.#last
    if (last < 0) return
    this.#last = -1
    this.#events.onSettled(this.#first, last, 'confirmed', null)
  }

  onBlocked(): void {
    this.#isBlocked = true
    this.#events.onBlocked('socket')
  }

  onDrain(): void {
    this.#isBlocked = false
    this.#events.onUnblocked()
  }

  onLost(cause: DriverError): void {
    if (this.#session === null) return
    this.onTurnEnd()
    this.#settleAsUnknown()
    // Without confirms nothing was ever answered, so nothing is known of any message.
    if (!this.#spec.confirm && this.#published > 0) this.#events.onSettled(0, this.#published - 1, 'unknown', null)
    if (this.#isBlocked) this.onDrain()
    this.#events.onClosed(cause)
  }

  #settleAsUnknown(): void {
    this.#unsettled.settleAll((first, last) => this.#events.onSettled(first, last, 'unknown', null))
  }
}

/** Wraps around after 2^32 messages, long after which the same id is free again. */
function commandIdOf(sequence: number): number {
  return (sequence + OWN_COMMAND_IDS) | 0
}
