/** What the broker's CONNACK (MQTT 5) allows a producer, checked before anything is published. */
import type { Connack } from '../../protocol/mqtt/connack.ts'
import type { PublishTemplate } from '../../protocol/mqtt/publish-template.ts'
import { DriverError } from '../driver-error.ts'
import type { PublisherSpec } from '../driver.ts'
import { describeEndpoint } from '../endpoint.ts'
import type { Endpoint } from '../endpoint.ts'
import { topicOf } from './session.ts'
import type { Qos } from './session.ts'

/** Of a CONNACK what counts here. */
export interface BrokerLimits extends Pick<Connack, 'maximumPacketBytes'> {
  /** 2 where nothing is said. */
  readonly maximumQos: number
}

/**
 * A broker that is sent more hangs up in the middle of the load.
 * @param template of the packets that are to be published at this QoS; its size with the largest body counts.
 * @throws DriverError `not-permitted`, naming limit, size and topic.
 */
export function requireWithinLimits(
  { maximumQos, maximumPacketBytes }: BrokerLimits,
  endpoint: Endpoint,
  spec: Pick<PublisherSpec, 'destination' | 'bodyBytesMax'>,
  qos: Qos,
  template: PublishTemplate,
): void {
  const attempted = `publishing to ${topicOf(spec.destination)}: ${describeEndpoint(endpoint)} takes`
  if (qos > maximumQos) {
    throw new DriverError('not-permitted', `${attempted} QoS ${maximumQos} at most, not ${qos}`)
  }
  const packetBytes = template.packetBytes(spec.bodyBytesMax)
  if (packetBytes <= maximumPacketBytes) return
  const size = `${packetBytes} (a body of ${spec.bodyBytesMax} and what is in front of it)`
  throw new DriverError('not-permitted', `${attempted} packets of at most ${maximumPacketBytes} bytes, not ${size}`)
}
