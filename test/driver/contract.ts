/**
 * THE CONTRACT of the driver seam (src/driver/driver.ts), as one suite that runs on every driver against every broker.
 * Nothing here is judged by time: counts and outcomes are awaited with a deadline. A skip names the missing capability.
 *
 *     contractSuite('STOMP library on ActiveMQ', () => loadDriver('stomp', 'library'), () => broker.endpoint('stomp'), {
 *       wrongPassword: () => ({ ...broker.endpoint('stomp'), password: 'no' }),
 *     })
 */
import { describe, test } from 'node:test'
import type { Driver } from '../../src/driver/driver.ts'
import type { Endpoint } from '../../src/driver/endpoint.ts'
import type { ContractFacts, ContractClause } from './contract-clause.ts'
import { acknowledgeTests } from './contract-acknowledge.ts'
import { adminTests } from './contract-admin.ts'
import { connectTests } from './contract-connect.ts'
import { consumeTests } from './contract-consume.ts'
import { lostConnectionTests } from './contract-lost-connection.ts'
import { propertiesTests } from './contract-properties.ts'
import { publishTests } from './contract-publish.ts'
import { subscriptionTests } from './contract-subscriptions.ts'
import { tlsTests } from './contract-tls.ts'
import { transactionTests } from './contract-transactions.ts'
import { ContractSession } from './contract-session.ts'

export type { ContractFacts } from './contract-clause.ts'

const CLAUSES: readonly ContractClause[] = [
  ...connectTests,
  ...publishTests,
  ...consumeTests,
  ...acknowledgeTests,
  ...propertiesTests,
  ...transactionTests,
  ...subscriptionTests,
  ...lostConnectionTests,
  ...adminTests,
  ...tlsTests,
]

/** Longest time for one test; a test that needs it has failed. */
const TEST_TIMEOUT_MS = 300_000

/**
 * Registers the whole contract as one `describe` block.
 * @param name driver and broker, as the reader of the test output should see it.
 * @param driver called once per test.
 * @param endpoint called in the tests, so after the `before` hook that started the broker.
 * @param facts what is known of this broker that no capability tells, and skips with their reasons.
 */
export function contractSuite(
  name: string,
  driver: () => Promise<Driver>,
  endpoint: () => Endpoint,
  facts: ContractFacts = {},
): void {
  const unknownSkip = Object.keys(facts.skips ?? {}).find((title) => !CLAUSES.some((each) => each.title === title))
  if (unknownSkip !== undefined) throw new Error(`the contract has no test "${unknownSkip}" to skip`)
  describe(name, () => {
    for (const each of CLAUSES) {
      test(each.title, { timeout: TEST_TIMEOUT_MS }, async (context) => {
        const loaded = await driver()
        const target = endpoint()
        const reason = facts.skips?.[each.title] ?? each.missing?.(loaded.capabilities, target, facts) ?? null
        if (reason !== null) {
          context.skip(reason)
          return
        }
        const session = new ContractSession(loaded, target, facts)
        const failure = await fails(() => each.run(session).then(() => session.assertNoViolations()))
        const endFailure = await fails(() => session.end())
        if (failure !== null) throw failure
        if (endFailure !== null) throw endFailure
      })
    }
  })
}

/** What `work` threw, so that clearing up never hides why a clause failed. */
async function fails(work: () => Promise<void>): Promise<Error | null> {
  try {
    await work()
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
