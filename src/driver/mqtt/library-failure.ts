/** Why a connection by MQTT.js failed: every way in which the library, the socket under it and the broker say no. */
import { connectError, streamError } from '../../transport/connect-error.ts'
import { DriverError, toDriverError } from '../driver-error.ts'
import { describeEndpoint, type Endpoint } from '../endpoint.ts'
import { connackError } from './refusal.ts'
import { versionOf } from './session.ts'

/** What MQTT.js, the socket or the packet parser reported, as one sentence with a code. */
export function asDriverError(
  error: unknown,
  endpoint: Endpoint,
  attempted: string,
  isConnected: boolean,
): DriverError {
  if (error instanceof DriverError) return error
  if (error instanceof Error && 'code' in error) {
    if (typeof error.code === 'number') {
      return connackError(error.code, error.message, attempted, versionOf(endpoint.options))
    }
    if (isConnected) return toDriverError(streamError(error, describeEndpoint(endpoint)), attempted)
    return connectError(error, describeEndpoint(endpoint), endpoint.tls !== null)
  }
  // What has no code comes from the packet parser.
  const code = isConnected ? 'protocol-error' : 'wrong-protocol'
  return new DriverError(code, `${attempted}: ${messageOf(error)}`, { cause: error })
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
