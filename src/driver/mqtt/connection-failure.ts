/** Why an MQTT connection could not be had, or is gone, where nobody gave a reason. Pure. */
import { DriverError } from '../driver-error.ts'
import type { MqttVersion } from './session.ts'

/** A connection that ended in the middle of work without a reason. @param attempted begins the sentence. */
export function lost(attempted: string): DriverError {
  return new DriverError('closed', `${attempted}: the connection was lost`)
}

/** For a peer that ended the connection instead of answering CONNECT: ActiveMQ and RabbitMQ before 3.13 do that to MQTT 5. */
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
  return `${attempted}: no answer within ${Math.round(timeoutMs)} ms${advice}`
}

/** What the end of a connection means that came instead of CONNACK. @param cause what the transport says. */
export function closedWhileConnecting(cause: DriverError, attempted: string, version: MqttVersion): DriverError {
  // RabbitMQ says so in the reason with which it closes the WebSocket.
  if (cause.code === 'closed' && /unauthenticated|not authori[sz]ed/i.test(cause.message)) {
    return new DriverError('authentication', `${attempted}: ${cause.message}`, { cause })
  }
  return hungUp(cause, attempted, version)
}
