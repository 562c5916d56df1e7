import type { BrokerIdentity } from '../driver.ts'

/** Names in the open frame that are not those brokermark writes. */
const PRODUCTS: Readonly<Record<string, string>> = { 'apache-activemq-artemis': 'Artemis' }

/** Who is there, by the `product` and `version` of the open frame's properties: ActiveMQ, Artemis and RabbitMQ give both. */
export function identityOf(openProperties: Readonly<Record<string, unknown>> | null | undefined): BrokerIdentity {
  const product = openProperties?.['product']
  const version = openProperties?.['version']
  return {
    product: typeof product === 'string' ? (PRODUCTS[product] ?? product) : null,
    version: typeof version === 'string' ? version : null,
  }
}

/** RabbitMQ before 4.0, where AMQP 1.0 is a plugin with habits of its own. */
export function isRabbitPlugin(identity: BrokerIdentity): boolean {
  return identity.product === 'RabbitMQ' && Number.parseInt(identity.version ?? '', 10) < 4
}
