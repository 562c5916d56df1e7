/** RabbitMQ PerfTest from a Maven repository, with all that it needs. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDirectory, checkDigest, type Distribution } from '../../../src/broker/launch/distribution.ts'
import { runTool } from '../../../src/broker/launch/tool.ts'

export const PERF_TEST: Distribution = {
  name: 'perf-test',
  version: '2.22.1',
  artifact: 'com.rabbitmq:perf-test:2.22.1',
  sha512:
    'a6d0196876846f234e8800e9f1e8a9cd3a147efe2a4e2ff5b9e067150c7f492005e0d42d6a178b884ab1095884f2135306911f4c291a73598909ef08b7566c51',
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>brokermark</groupId>
  <artifactId>bench</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.rabbitmq</groupId>
      <artifactId>perf-test</artifactId>
      <version>${PERF_TEST.version}</version>
    </dependency>
  </dependencies>
</project>
`

/**
 * The folder of its jars. Fetched on first use, checked by the digest of its own jar, and kept beside the brokers.
 * @throws LaunchError
 */
export async function providePerfTest(cache = cacheDirectory()): Promise<string> {
  const name = `${PERF_TEST.name}-${PERF_TEST.version}`
  const home = join(cache, name)
  if (existsSync(home)) return home
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, `.${name}-`))
  try {
    const pom = join(work, 'pom.xml')
    await writeFile(pom, POM)
    const jars = join(work, 'jars')
    const goal = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies']
    const options = ['-DincludeScope=runtime', `-DoutputDirectory=${jars}`]
    await runTool({ executable: 'mvn', debianPackage: 'maven' }, [...goal, ...options])
    await checkDigest(PERF_TEST, join(jars, `${name}.jar`))
    await rename(jars, home)
    return home
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
