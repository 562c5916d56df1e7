import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { LaunchError } from './launched-broker.ts'
import { runTool } from './tool.ts'

/** A broker that comes as a tarball in a Maven repository. */
export interface Distribution {
  readonly name: string
  readonly version: string
  /** Maven coordinates `group:artifact:version:packaging:classifier`. */
  readonly artifact: string
  /** Hex SHA-512 of the tarball: another content is refused. */
  readonly sha512: string
}

export const ACTIVEMQ: Distribution = {
  name: 'apache-activemq',
  version: '5.18.3',
  artifact: 'org.apache.activemq:apache-activemq:5.18.3:tar.gz:bin',
  sha512:
    '61abc4a08b9e1db6a5b1062bb1c839171e93bcb571817fd81744dd19874d713840bba99c7979d45bcb832d13ea01986b76fb11720f5ec63a0283e7d1934a33cc',
}

export const ARTEMIS: Distribution = {
  name: 'apache-artemis',
  version: '2.44.0',
  artifact: 'org.apache.activemq:apache-artemis:2.44.0:tar.gz:bin',
  sha512:
    'd709eafe1ead38234216d324e9876ee0f66265a2deba36b526f64512de4da1e25ae6b5430a03dc002071ed91553c72f3ef01211d7414b14752272cbec66883b4',
}

/** Where distributions are kept unpacked: `$XDG_CACHE_HOME/brokermark`, by default `~/.cache/brokermark`. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_CACHE_HOME']
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'brokermark')
}

/**
 * The folder of an unpacked distribution. On first use it is fetched with Maven, checked against its digest and unpacked;
 * two processes may do so at once. Nothing is ever written into it afterwards.
 * @throws LaunchError
 */
export async function provideDistribution(distribution: Distribution, cache = cacheDirectory()): Promise<string> {
  const directoryName = `${distribution.name}-${distribution.version}`
  const home = join(cache, directoryName)
  if (existsSync(home)) return home
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, `.${directoryName}-`))
  try {
    const tarball = await fetchTarball(distribution, work)
    await checkDigest(distribution, tarball)
    await runTool({ executable: 'tar', debianPackage: 'tar' }, ['-xzf', tarball, '-C', work])
    await moveInto(join(work, directoryName), home)
    return home
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function fetchTarball(distribution: Distribution, into: string): Promise<string> {
  const goal = ['-q', '-B', 'dependency:copy', `-Dartifact=${distribution.artifact}`, `-DoutputDirectory=${into}`]
  await runTool({ executable: 'mvn', debianPackage: 'maven' }, goal)
  return join(into, `${distribution.name}-${distribution.version}-bin.tar.gz`)
}

/** @throws LaunchError when the file is not, byte by byte, the one that this code was written against */
export async function checkDigest(distribution: Distribution, tarball: string): Promise<void> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(tarball), hash)
  const found = hash.digest('hex')
  if (found === distribution.sha512) return
  throw new LaunchError(
    'failed',
    `the tarball of ${distribution.name} ${distribution.version} is not the one expected: its SHA-512 is ${found}`,
  )
}

async function moveInto(unpacked: string, home: string): Promise<void> {
  try {
    await rename(unpacked, home)
  } catch (thrown) {
    // Another process unpacked the same distribution meanwhile: its copy is as good.
    if (!existsSync(home)) throw thrown
  }
}
