import { embeddedContract } from '../../support/embedded-contract.ts'

embeddedContract('openwire', { transports: ['tcp'] })
