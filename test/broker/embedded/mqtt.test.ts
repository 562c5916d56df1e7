import { embeddedContract } from '../../support/embedded-contract.ts'
import { MQTT_3_1_1 } from '../../support/mqtt-facts.ts'

embeddedContract('mqtt', { transports: ['tcp', 'ws'], ...MQTT_3_1_1 })
