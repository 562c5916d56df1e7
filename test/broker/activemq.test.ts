import { describe } from 'node:test'
import { brokerContract } from '../support/broker-contract.ts'
import { contractBroker } from '../support/contract-broker.ts'

/** Jetty's own limit for a text message, which the `ws` connector has no setting for; MQTT may split its packets. */
const TEXT_LIMIT = 'the broker takes no STOMP frame over 64 KiB by WebSocket'
const STOMP_OVER_WEB_SOCKET = {
  skips: {
    'messages of 102400 bytes are delivered once, in order, byte for byte': TEXT_LIMIT,
    'messages of 1048576 bytes are delivered once, in order, byte for byte': TEXT_LIMIT,
    'a broker that stops reading blocks the publisher, and nothing is lost when it goes on': TEXT_LIMIT,
  },
}

describe('ActiveMQ Classic 5.18', () => {
  const broker = contractBroker('activemq')
  const activemq = { product: 'ActiveMQ', identity: 'ActiveMQ' }
  for (const client of ['wire', 'library'] as const) {
    brokerContract(broker, { ...activemq, protocol: 'stomp', client, transport: 'tcp' })
    const facts = STOMP_OVER_WEB_SOCKET
    brokerContract(broker, { ...activemq, protocol: 'stomp', client, transport: 'ws', facts })
  }
  brokerContract(broker, { ...activemq, protocol: 'amqp10', client: 'library', transport: 'tcp' })
  for (const transport of ['tcp', 'ws'] as const) {
    brokerContract(broker, {
      ...{ product: 'ActiveMQ', protocol: 'mqtt', client: 'library', transport, identity: null },
      facts: { competing: 'unsupported' },
    })
  }
})
