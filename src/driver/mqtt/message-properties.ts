/** What a message carries beside its body, between the seam's words and those of MQTT 5. Pure. */
import type { MqttMessageProperties } from '../../protocol/mqtt/message-properties.ts'
import type { MessageProperties, PublisherSpec } from '../driver.ts'
import { DriverError } from '../driver-error.ts'
import type { MqttVersion } from './session.ts'

/** The largest number of seconds that the field holds. */
const EXPIRY_SECONDS_MAX = 0xffff_ffff

/**
 * Time to live in whole seconds, rounded up, and headers as user properties; null where there is neither. MQTT has no
 * priorities. @throws DriverError `unsupported` where MQTT 3.1.1 would have to carry any of it.
 */
export function mqttPropertiesOf(
  spec: Pick<PublisherSpec, 'properties'>,
  version: MqttVersion,
): MqttMessageProperties | null {
  const ttlMs = spec.properties?.ttlMs ?? null
  const userProperties = Object.entries(spec.properties?.headers ?? {})
  if (ttlMs === null && userProperties.length === 0) return null
  if (version !== '5') {
    const what = ttlMs === null ? 'headers' : 'time to live'
    throw new DriverError('unsupported', `MQTT ${version} has no ${what}; MQTT 5 has: use ?version=5`)
  }
  const expirySeconds = ttlMs === null ? null : Math.min(Math.ceil(ttlMs / 1000), EXPIRY_SECONDS_MAX)
  return { expirySeconds, userProperties }
}

/** What came, in the seam's words. Of a header that came more than once, the last. */
export function messagePropertiesOf({ expirySeconds, userProperties }: MqttMessageProperties): MessageProperties {
  return {
    ttlMs: expirySeconds === null ? null : expirySeconds * 1000,
    priority: null,
    headers: Object.fromEntries(userProperties),
  }
}
