import { join } from 'node:path'
import { LaunchError } from './launched-broker.ts'
import { runTool } from './tool.ts'

export const JAVA_PACKAGE = 'openjdk-17-jre-headless'
const JAVA_MIN = 17

/**
 * The `java` to run brokers with: of JAVA_HOME if that is set, else of the PATH.
 * @throws LaunchError `missing` when there is none or it is older than 17
 */
export async function findJava(): Promise<string> {
  const home = process.env['JAVA_HOME']
  const executable = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java')
  const said = await runTool({ executable, debianPackage: JAVA_PACKAGE }, ['-version'])
  const major = Number(/version "(\d+)/.exec(said)?.[1] ?? 0)
  if (major < JAVA_MIN) {
    throw new LaunchError(
      'missing',
      `${executable} is Java ${major}, and ${JAVA_MIN} or later is needed; on Debian: apt-get install ${JAVA_PACKAGE}`,
    )
  }
  return executable
}
