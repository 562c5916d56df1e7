import type { ProtocolLevel, Qos } from '../../../protocol/mqtt/packet-type.ts'
import type { FilterAsk } from '../../../protocol/mqtt/subscribe.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import type { KeptSession } from './kept-session.ts'
import type { KeptSessions } from './kept-sessions.ts'
import { REASON } from './refusal.ts'
import { TopicSource } from './sources.ts'
import { topicFilterOf } from './topic-filter.ts'

/** SUBACK of MQTT 3.1.1 has one code for every refusal. */
const FAILURE = 0x80
/** UNSUBACK of MQTT 5: there was no such subscription. */
const NO_SUBSCRIPTION_EXISTED = 0x11

/** SUBACK's code for a filter: the QoS that was asked for, or a refusal. */
export function codeFor({ filter, qos, noLocal }: FilterAsk, level: ProtocolLevel): number {
  if (topicFilterOf(filter) === null) return level === 5 ? REASON.topicFilterInvalid : FAILURE
  return noLocal ? REASON.implementationSpecific : qos
}

/** Carries out what a SUBSCRIBE asks for, as far as `codeFor` granted it; messages may come within the call. */
export function subscribe(
  asks: readonly FilterAsk[],
  broker: EmbeddedBroker,
  sessions: KeptSessions,
  kept: KeptSession,
): void {
  for (const { filter, qos, noLocal } of asks) {
    const parsed = topicFilterOf(filter)
    if (parsed === null || noLocal) continue
    const { topic, shareName } = parsed
    kept.subscribe(filter, qos as Qos, shareName !== null, () =>
      shareName === null ? new TopicSource(broker, topic) : sessions.group(shareName, topic),
    )
  }
}

/** Carries out an UNSUBSCRIBE. @returns UNSUBACK's code for each filter. */
export function unsubscribe(asks: readonly FilterAsk[], kept: KeptSession): number[] {
  return asks.map(({ filter }) => (kept.unsubscribe(filter) ? 0 : NO_SUBSCRIPTION_EXISTED))
}
