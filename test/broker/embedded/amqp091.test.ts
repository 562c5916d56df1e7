import { embeddedContract } from '../../support/embedded-contract.ts'

const BODIES_ONLY = 'the embedded broker passes on bodies and nothing else'

embeddedContract('amqp091', {
  lacks: { ttl: BODIES_ONLY, expiry: BODIES_ONLY, priority: BODIES_ONLY, headers: BODIES_ONLY },
})
