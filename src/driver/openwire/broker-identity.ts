import type { BrokerIdentity } from '../driver.ts'

/** Artemis' broker id is the node's UUID, Classic's is `ID:host-port-time-0:1`. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Who is there. Artemis speaks by means of ActiveMQ's own library and gives that one's name and version: what tells it
 * apart is its broker id, and its version stays unknown.
 * @param provider ProviderName and ProviderVersion of the WireFormatInfo.
 * @param brokerId of the BrokerInfo, null where none came.
 */
export function identityOf(provider: BrokerIdentity, brokerId: string | null): BrokerIdentity {
  if (/^brokermark/i.test(provider.product ?? '')) return { product: 'brokermark embedded', version: provider.version }
  if (brokerId !== null && UUID.test(brokerId)) return { product: 'Artemis', version: null }
  return provider
}
