import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  Consumer,
  ConsumerEvents,
  ConsumerSpec,
  Publisher,
  PublisherEvents,
  PublisherSpec,
} from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { mqttWire } from '../../../src/driver/mqtt/wire.ts'
import { eventually } from '../eventually.ts'
import { ScriptedPeer } from './scripted-peer.ts'

export const OPTIONS = { timeoutMs: 60_000 }

/** One scripted peer with the producers and consumers that a test opens on it, and what they were told, as short lines. */
export class WireHarness {
  readonly peer: ScriptedPeer
  readonly heard: string[] = []
  readonly #open: (Publisher | Consumer)[] = []
  #endpoint: Endpoint | null = null

  private constructor(version: '3.1.1' | '5') {
    this.peer = new ScriptedPeer(version)
  }

  static async start(version: '3.1.1' | '5' = '3.1.1'): Promise<WireHarness> {
    const harness = new WireHarness(version)
    harness.#endpoint = await harness.peer.listen()
    return harness
  }

  get endpoint(): Endpoint {
    assert.ok(this.#endpoint !== null)
    return this.#endpoint
  }

  /** Opens a producer: persistent and confirmed where `over` does not say otherwise. */
  async publisher(over: Partial<PublisherSpec> = {}, endpoint: Endpoint = this.endpoint): Promise<Publisher> {
    const spec = {
      ...{ destination: { kind: 'queue', name: 'q' } as const, clientId: 'p', persistent: true, confirm: true },
      ...{ inFlightMax: 4, bodyBytesMax: 100, ...over },
    }
    const events: PublisherEvents = {
      onSettled: (first, last, outcome, code) =>
        this.heard.push(`${first}-${last} ${outcome}${code === null ? '' : ` ${code}`}`),
      onBlocked: (reason) => this.heard.push(`blocked ${reason}`),
      onUnblocked: () => this.heard.push('unblocked'),
      onClosed: (cause) => this.heard.push(`closed ${cause.code}`),
    }
    const opened = await mqttWire.openPublisher(endpoint, OPTIONS, spec, events)
    this.#open.push(opened)
    return opened
  }

  /** Opens a consumer that acknowledges each, with a prefetch of 2, where `over` does not say otherwise. */
  async consumer(
    over: Partial<ConsumerSpec> = {},
    events: Partial<ConsumerEvents> = {},
    endpoint: Endpoint = this.endpoint,
  ): Promise<Consumer> {
    const spec: ConsumerSpec = {
      ...{ destination: { kind: 'queue', name: 'q' }, clientId: 'c', acknowledge: { kind: 'each' }, prefetch: 2 },
      ...{ persistent: true, competing: false, bodyBytesMax: 100, ...over },
    }
    const opened = await mqttWire.openConsumer(endpoint, OPTIONS, spec, {
      onDelivery: (body, redelivered, token) =>
        this.heard.push(`${Buffer.from(body).toString('latin1')}${redelivered ? ' again' : ''} ${token}`),
      onClosed: (cause) => this.heard.push(`closed ${cause.code}`),
      ...events,
    })
    this.#open.push(opened)
    return opened
  }

  /** Publishes `body 0`, `body 1` ... which must all be accepted; the last may fill the publisher. */
  publish(to: Publisher, count: number, from = 0): void {
    for (let sequence = from; sequence < from + count; sequence++) {
      assert.notEqual(to.publish(Buffer.from(`body ${sequence}`), sequence), 'not-taken')
    }
  }

  /** Exactly these lines, in this order. */
  async hears(...expected: readonly string[]): Promise<void> {
    await eventually(
      () => this.heard.length >= expected.length,
      expected.join(', '),
      () => `heard ${this.heard.join(', ')}`,
    )
    assert.deepEqual(this.heard, expected)
  }

  async end(): Promise<void> {
    // The peer first: nobody waits for answers that the test never gave.
    await this.peer.close()
    for (const each of this.#open) await each.close()
  }
}

/** A test with a harness of its own, which is ended whatever becomes of the test. */
export function withPeer(
  title: string,
  run: (harness: WireHarness) => Promise<void>,
  version: '3.1.1' | '5' = '3.1.1',
): void {
  test(title, async () => {
    const harness = await WireHarness.start(version)
    try {
      await run(harness)
    } finally {
      await harness.end()
    }
  })
}
