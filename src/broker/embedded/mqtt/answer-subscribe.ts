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

/** Carries out what a SUBSCRIBE asks for. @returns SUBACK's code for each filter. */
export function subscribe(
  asks: readonly FilterAsk[],
  level: ProtocolLevel,
  broker: EmbeddedBroker,
  sessions: KeptSessions,
  kept: KeptSession,
): number[] {
  return asks.map(({ filter, qos, noLocal }) => {
    const parsed = topicFilterOf(filter)
    if (parsed === null) return level === 5 ? REASON.topicFilterInvalid : FAILURE
    if (noLocal) return REASON.implementationSpecific
    const { topic, shareName } = parsed
    kept.subscribe(filter, qos as Qos, shareName !== null, () =>
      shareName === null ? new TopicSource(broker, topic) : sessions.group(shareName, topic),
    )
    return qos
  })
}

/** Carries out an UNSUBSCRIBE. @returns UNSUBACK's code for each filter. */
export function unsubscribe(asks: readonly FilterAsk[], kept: KeptSession): number[] {
  return asks.map(({ filter }) => (kept.unsubscribe(filter) ? 0 : NO_SUBSCRIPTION_EXISTED))
}
