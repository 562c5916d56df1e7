import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { ACTIVEMQ, cacheDirectory, checkDigest, provideDistribution } from '../../../src/broker/launch/distribution.ts'

describe('distributions of the JVM brokers', () => {
  const directory = mkdtempSync(join(tmpdir(), 'brokermark-distribution-'))
  after(() => rmSync(directory, { recursive: true }))

  test('are kept in the user’s cache folder, outside the checkout', () => {
    assert.equal(cacheDirectory({ XDG_CACHE_HOME: '/somewhere' }), '/somewhere/brokermark')
    assert.equal(cacheDirectory({ XDG_CACHE_HOME: '' }), join(homedir(), '.cache', 'brokermark'))
    assert.equal(cacheDirectory({}), join(homedir(), '.cache', 'brokermark'))
  })

  test('a tarball with another content than expected is refused, and the sentence names both', async () => {
    const tarball = join(directory, 'tampered.tar.gz')
    writeFileSync(tarball, 'not a broker')
    await assert.rejects(checkDigest(ACTIVEMQ, tarball), {
      name: 'LaunchError',
      code: 'failed',
      message: /apache-activemq 5\.18\.3 is not the one expected: its SHA-512 is [0-9a-f]{128}$/,
    })
  })

  test('the expected tarball passes', async () => {
    const tarball = join(directory, 'small.tar.gz')
    writeFileSync(tarball, 'abc')
    // The digest of "abc" from FIPS 180-4.
    const sha512 =
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f'
    await checkDigest({ ...ACTIVEMQ, sha512 }, tarball)
  })

  test('what is unpacked already is not fetched again', async () => {
    const home = join(directory, 'apache-activemq-5.18.3')
    mkdirSync(home)
    assert.equal(await provideDistribution(ACTIVEMQ, directory), home)
  })
})
