import { embeddedContract } from '../../support/embedded-contract.ts'

const properties = 'properties are not passed on'
const transactions = 'there are no transactions'
const subscriptions = 'subscriptions end with their link'

embeddedContract('amqp10', {
  lacks: {
    ...{ ttl: properties, expiry: properties, priority: properties, headers: properties },
    ...{ transactions, consumerTransactions: transactions },
    ...{ durableSubscriptions: subscriptions, sharedSubscriptions: subscriptions },
    sharedDurableSubscriptions: subscriptions,
  },
})
