import type { EmbeddedProtocol, SessionMaker } from './session.ts'
import { Amqp091Session } from './amqp091/amqp091-session.ts'
import { Amqp10Session } from './amqp10/amqp10-session.ts'
import { MqttSession } from './mqtt/mqtt-session.ts'
import { OpenWireSession } from './openwire/openwire-session.ts'
import { StompSession } from './stomp/stomp-session.ts'

/** Every protocol that the embedded broker speaks. */
export const SESSIONS: Readonly<Partial<Record<EmbeddedProtocol, SessionMaker>>> = {
  amqp091: (broker, serverName) => new Amqp091Session(broker, serverName),
  amqp10: (broker, serverName) => new Amqp10Session(broker, serverName),
  mqtt: (broker, serverName) => new MqttSession(broker, serverName),
  openwire: (broker, serverName) => new OpenWireSession(broker, serverName),
  stomp: (broker, serverName) => new StompSession(broker, serverName),
}

/** The protocols of WebSocket connections, by the subprotocol that asks for them. */
export const WEB_SOCKET_PROTOCOLS: Readonly<Record<string, EmbeddedProtocol>> = {
  'v12.stomp': 'stomp',
  mqtt: 'mqtt',
}
