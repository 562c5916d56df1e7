import { embeddedContract } from '../../support/embedded-contract.ts'

const BODIES_ONLY = 'the embedded broker passes on bodies and nothing else'
const lacks = { ttl: BODIES_ONLY, expiry: BODIES_ONLY, headers: BODIES_ONLY }

embeddedContract('mqtt', { transports: ['tcp', 'ws'], options: { version: '5' }, lacks })
embeddedContract('mqtt', { clients: ['wire'], options: { version: '5', qos: '2' }, lacks })
