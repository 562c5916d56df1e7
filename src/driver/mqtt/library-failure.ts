/** Why a connection by MQTT.js failed: every way in which the library, the socket under it and the broker say no. */
import { connectError, streamError } from '../../transport/connect-error.ts'
import { DriverError, toDriverError } from '../driver-error.ts'
import { describeEndpoint, type Endpoint } from '../endpoint.ts'
import { connackError } from './refusal.ts'
import { versionOf, type MqttVersion } from './session.ts'

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

/** A connection that ended in the middle of work without a reason. */
export function lost(attempted: string): DriverError {
  return new DriverError('closed', `${attempted}: the connection was lost`)
}

/** ActiveMQ and RabbitMQ before 3.13 close the connection when they are asked for MQTT 5. */
export function hungUp(failure: DriverError | null, attempted: string, version: MqttVersion): DriverError {
  if (failure !== null && failure.code !== 'closed') return failure
  const sentence = failure?.message ?? `${attempted}: the peer hung up without an answer`
  if (version !== '5') return failure ?? new DriverError('closed', sentence)
  const advice = 'brokers that do not speak MQTT 5 do that, try ?version=3.1.1'
  return new DriverError('wrong-protocol', `${sentence}; ${advice}`, { cause: failure })
}

/** For a broker that never answered CONNECT. */
export function timeoutSentence(attempted: string, timeoutMs: number, version: MqttVersion): string {
  const advice = version === '5' ? '; brokers that do not speak MQTT 5 may stay silent, try ?version=3.1.1' : ''
  return `${attempted}: no answer within ${timeoutMs} ms${advice}`
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
