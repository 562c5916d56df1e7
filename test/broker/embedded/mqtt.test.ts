import { embeddedContract } from '../../support/embedded-contract.ts'

for (const options of [{}, { version: '5' }]) embeddedContract('mqtt', { transports: ['tcp', 'ws'], options })
