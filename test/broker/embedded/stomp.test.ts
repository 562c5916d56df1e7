import { embeddedContract } from '../../support/embedded-contract.ts'

embeddedContract('stomp', { transports: ['tcp', 'ws'] })
