/** SUBSCRIBE and UNSUBSCRIBE as a server reads them: MQTT 3.1.1 sections 3.8 and 3.10, MQTT 5 likewise. */
import type { BrokenPacket } from './broken-packet.ts'
import type { MqttPacket } from './packet.ts'
import { PACKET_TYPE } from './packet-type.ts'
import { textAt, textEnd } from './text.ts'

/** One filter of a SUBSCRIBE. */
export interface FilterAsk {
  readonly filter: string
  /** Highest quality of service at which messages are to come: 0 to 2, where the peer keeps to the specification. */
  readonly qos: number
  /** MQTT 5: not what this client published itself. */
  readonly noLocal: boolean
}

/** Where the filters are not whole, or there is none; null where they are. */
export function brokenFilters({ type, buffer, start, payloadStart, end }: MqttPacket): BrokenPacket | null {
  const optionBytes = type === PACKET_TYPE.subscribe ? 1 : 0
  let position = payloadStart
  do {
    const filterEnd = textEnd(buffer, position, end - optionBytes)
    if (filterEnd < 0) return { at: position - start, expected: 'a topic filter, whole' }
    if (optionBytes > 0 && ((buffer[filterEnd] as number) & 3) === 3) {
      return { at: filterEnd - start, expected: 'a QoS of 0, 1 or 2' }
    }
    position = filterEnd + optionBytes
  } while (position < end)
  return null
}

/** The filters of a SUBSCRIBE or UNSUBSCRIBE that is whole; one of UNSUBSCRIBE has neither QoS nor options. */
export function filtersOf({ type, buffer, payloadStart, end }: MqttPacket): FilterAsk[] {
  const asks: FilterAsk[] = []
  const optionBytes = type === PACKET_TYPE.subscribe ? 1 : 0
  for (let position = payloadStart; position < end;) {
    const filterEnd = textEnd(buffer, position, end)
    const options = optionBytes > 0 ? (buffer[filterEnd] as number) : 0
    asks.push({ filter: textAt(buffer, position), qos: options & 3, noLocal: (options & 4) !== 0 })
    position = filterEnd + optionBytes
  }
  return asks
}
