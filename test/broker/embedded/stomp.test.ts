import { embeddedContract } from '../../support/embedded-contract.ts'

const NO_PROPERTIES = 'the embedded broker passes on bodies and nothing beside them'
const NO_TRANSACTIONS = 'the embedded broker has no transactions'
const NO_SUBSCRIPTIONS = 'the embedded broker keeps no subscription of a topic for nobody'

embeddedContract('stomp', {
  transports: ['tcp', 'ws'],
  lacks: {
    ttl: NO_PROPERTIES,
    expiry: NO_PROPERTIES,
    priority: NO_PROPERTIES,
    headers: NO_PROPERTIES,
    transactions: NO_TRANSACTIONS,
    consumerTransactions: NO_TRANSACTIONS,
    durableSubscriptions: NO_SUBSCRIPTIONS,
    sharedSubscriptions: NO_SUBSCRIPTIONS,
    sharedDurableSubscriptions: NO_SUBSCRIPTIONS,
  },
})
