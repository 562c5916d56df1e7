/** What is measured on what: every driver of the registry on the embedded broker, and on a product of its protocol. */
import type { BrokerProduct } from '../../../src/broker/launch/launched-broker.ts'
import type { ClientKind, Protocol } from '../../../src/driver/driver.ts'
import { driverKeys } from '../../../src/driver/registry.ts'

export type BenchBroker = 'embedded' | BrokerProduct

export interface Subject {
  readonly broker: BenchBroker
  readonly protocol: Protocol
  readonly client: ClientKind
}

/** In the order of measuring and of the table. */
const BROKERS: readonly BenchBroker[] = ['embedded', 'activemq', 'artemis', 'rabbitmq', 'mosquitto']

const SPOKEN: Readonly<Record<BrokerProduct, readonly Protocol[]>> = {
  activemq: ['stomp', 'openwire', 'amqp10'],
  artemis: ['amqp10'],
  rabbitmq: ['amqp091'],
  mosquitto: ['mqtt'],
}

/** Subjects by broker, brokers without one left out. @param only protocols; empty: all. */
export function subjectsByBroker(
  only: readonly string[],
  embeddedOnly: boolean,
): ReadonlyMap<BenchBroker, readonly Subject[]> {
  const keys = driverKeys().filter(
    ({ protocol }) => protocol !== 'loopback' && (only.length === 0 || only.includes(protocol)),
  )
  const brokers = BROKERS.filter((broker) => broker === 'embedded' || !embeddedOnly)
  return new Map(
    brokers
      .map((broker): [BenchBroker, Subject[]] => [
        broker,
        keys
          .filter(({ protocol }) => broker === 'embedded' || SPOKEN[broker].includes(protocol))
          .map((key) => ({ broker, ...key })),
      ])
      .filter(([, subjects]) => subjects.length > 0),
  )
}
