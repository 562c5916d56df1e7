import type { ContractFacts } from '../driver/contract-clause.ts'

const NO_PROPERTIES = 'MQTT 3.1.1 has no properties'

/** What no broker can do over MQTT 3.1.1, because there are no fields for it. */
export const MQTT_3_1_1 = {
  lacks: { ttl: NO_PROPERTIES, expiry: NO_PROPERTIES, headers: NO_PROPERTIES },
  skips: { 'properties change nothing for a consumer that does not ask for them': NO_PROPERTIES },
} as const satisfies Pick<ContractFacts, 'lacks' | 'skips'>

const NO_SHARE = 'the broker has no shared subscriptions over MQTT'

/** The same of a broker that has no shared subscriptions either. */
export const MQTT_3_1_1_UNSHARED = {
  ...MQTT_3_1_1,
  lacks: { ...MQTT_3_1_1.lacks, sharedSubscriptions: NO_SHARE, sharedDurableSubscriptions: NO_SHARE },
  competing: 'unsupported',
} as const satisfies Pick<ContractFacts, 'lacks' | 'skips' | 'competing'>
