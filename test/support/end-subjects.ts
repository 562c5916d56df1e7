/** Brokers on which producers and consumers differ in protocol or client, and what is known of each. */
import type { BrokerProduct, LaunchOptions } from '../../src/broker/launch/launched-broker.ts'
import type { Protocol } from '../../src/driver/driver.ts'

export interface Subject {
  readonly product: BrokerProduct
  readonly protocols: readonly Protocol[]
  /** MQTT has no queues that another protocol could use: with it at one end, there are topics. */
  readonly mqttVersions?: readonly string[]
  readonly launch?: LaunchOptions
  readonly credentials?: { readonly username: string; readonly password: string }
  /** RabbitMQ's AMQP 1.0 plugin encodes application properties into a header that only it can read. */
  readonly keepsHeaders?: readonly Protocol[]
  readonly reorders?: Partial<Record<Protocol, string>>
}

export const SUBJECTS: readonly Subject[] = [
  {
    product: 'activemq',
    protocols: ['stomp', 'amqp10', 'openwire', 'mqtt'],
    launch: { amqpTransformer: 'jms' },
  },
  {
    product: 'artemis',
    protocols: ['stomp', 'amqp10', 'openwire', 'mqtt'],
    mqttVersions: ['3.1.1', '5'],
    reorders: { mqtt: 'Artemis lets a message of one MQTT producer overtake another when several are in flight' },
  },
  {
    product: 'rabbitmq',
    protocols: ['stomp', 'amqp10', 'amqp091', 'mqtt'],
    credentials: { username: 'guest', password: 'guest' },
    keepsHeaders: ['amqp10'],
  },
  { product: 'mosquitto', protocols: ['mqtt'], mqttVersions: ['3.1.1', '5'] },
]

/** Whole frames and split ones. */
export const SIZES = [1024, 70_000]

/** Each with each other, both ways. */
export function pairsOf<T>(ends: readonly T[]): readonly (readonly [T, T])[] {
  return ends.flatMap((one) => ends.filter((other) => other !== one).map((other) => [one, other] as const))
}
