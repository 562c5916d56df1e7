import { embeddedContract } from '../../support/embedded-contract.ts'

embeddedContract('amqp091')
