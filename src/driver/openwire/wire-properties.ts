import type { Dispatch } from '../../protocol/openwire/dispatch.ts'
import type { FrameReader } from '../../protocol/openwire/frame-reader.ts'
import { readPrimitiveMap } from '../../protocol/openwire/primitive-map.ts'
import type { MessageProperties } from '../driver.ts'

/**
 * What a message carries beside its body; values that are no text as text, if they are numbers. @param fields is moved.
 * @throws OpenWireProtocolError
 */
export function propertiesOf(dispatch: Dispatch, fields: FrameReader): MessageProperties {
  const { expirationMs, timestampMs, priority } = dispatch
  // A message that came in by AMQP 1.0 says when it expires and not when it was sent: then it is what is left of it.
  const fromMs = timestampMs === 0 ? Date.now() : timestampMs
  const ttlMs = expirationMs === 0 ? null : Math.max(0, expirationMs - fromMs)
  return { ttlMs, priority, headers: headersOf(dispatch, fields) }
}

function headersOf({ buffer, propertiesStart, propertiesEnd }: Dispatch, fields: FrameReader): Record<string, string> {
  const headers: Record<string, string> = {}
  if (propertiesStart === propertiesEnd) return headers
  fields.open(buffer, propertiesStart, propertiesEnd, fields.originBytes)
  for (const [name, value] of readPrimitiveMap(fields)) headers[name] = String(value)
  return headers
}
