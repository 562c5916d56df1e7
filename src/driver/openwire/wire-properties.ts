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
  const ttlMs = expirationMs === 0 ? null : Math.max(0, expirationMs - timestampMs)
  return { ttlMs, priority, headers: headersOf(dispatch, fields) }
}

function headersOf({ buffer, propertiesStart, propertiesEnd }: Dispatch, fields: FrameReader): Record<string, string> {
  const headers: Record<string, string> = {}
  if (propertiesStart === propertiesEnd) return headers
  fields.open(buffer, propertiesStart, propertiesEnd, fields.originBytes)
  for (const [name, value] of readPrimitiveMap(fields)) headers[name] = String(value)
  return headers
}
