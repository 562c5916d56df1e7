import { embeddedContract } from '../../support/embedded-contract.ts'

const BODIES_ONLY = 'the embedded broker passes on bodies and nothing else'
const NO_TRANSACTIONS = 'the embedded broker has no transactions'

embeddedContract('openwire', {
  lacks: {
    ttl: BODIES_ONLY,
    expiry: BODIES_ONLY,
    priority: BODIES_ONLY,
    headers: BODIES_ONLY,
    transactions: NO_TRANSACTIONS,
    consumerTransactions: NO_TRANSACTIONS,
    durableSubscriptions: 'the embedded broker keeps no subscription without its connection',
  },
})
