import type { StompFrame } from '../../../protocol/stomp/frame.ts'
import type { AckMode, SubscriptionAsk } from './stomp-subscription.ts'

/** What a SUBSCRIBE frame asks for, or the sentence that says what is wrong with it. */
export function subscriptionAskOf(frame: StompFrame): SubscriptionAsk | string {
  const id = frame.header('id')
  if (id === null) return 'SUBSCRIBE without an id'
  const ack = frame.header('ack') ?? 'auto'
  if (!isAckMode(ack)) return `SUBSCRIBE with ack:${ack}`
  const text = frame.header('activemq.prefetchSize') ?? frame.header('prefetch-count')
  const prefetch = text === null ? Infinity : Number(text)
  if (!(prefetch >= 1)) return `SUBSCRIBE with a prefetch of ${text ?? ''}`
  return {
    id,
    destinationText: frame.header('destination') ?? '',
    ack,
    prefetch: ack === 'auto' ? Infinity : prefetch,
  }
}

function isAckMode(text: string): text is AckMode {
  return text === 'auto' || text === 'client' || text === 'client-individual'
}
