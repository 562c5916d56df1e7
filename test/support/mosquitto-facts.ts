import type { ContractFacts } from '../driver/contract-clause.ts'
import { MQTT_3_1_1 } from './mqtt-facts.ts'

const UNSHARED_AWAY = 'Mosquitto keeps its share of the messages for a client that is away'
const lacks = { sharedDurableSubscriptions: UNSHARED_AWAY }

/** Mosquitto for the contract, whatever the version of MQTT and the transport. */
export const MOSQUITTO = {
  product: 'Mosquitto',
  identity: 'Mosquitto',
  protocol: 'mqtt',
  facts: { lacks },
} as const

/** Each version that it speaks, with what is known of it. */
export const MOSQUITTO_VERSIONS: readonly {
  readonly options: Readonly<Record<string, string>>
  readonly facts: Pick<ContractFacts, 'lacks' | 'skips'>
}[] = [
  { options: {}, facts: { ...MQTT_3_1_1, lacks: { ...MQTT_3_1_1.lacks, ...lacks } } },
  { options: { version: '5' }, facts: { lacks } },
]
