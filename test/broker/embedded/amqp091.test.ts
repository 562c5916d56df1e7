import { embeddedContract } from '../../support/embedded-contract.ts'

const properties = 'properties are not passed on'
const transactions = 'there are no transactions'

embeddedContract('amqp091', {
  lacks: {
    ...{ ttl: properties, expiry: properties, priority: properties, headers: properties },
    ...{ transactions, consumerTransactions: transactions },
  },
})
