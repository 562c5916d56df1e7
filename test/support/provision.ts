/**
 * Puts on the machine what the tests need beyond Node: `node dist/test/support/provision.js`. What is there is left alone;
 * what is missing comes from Debian's packages (only that needs root or a `sudo` without password) and, for the two JVM
 * brokers, from Maven's repository.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { ACTIVEMQ, ARTEMIS, provideDistribution } from '../../src/broker/launch/distribution.ts'
import { findJava, JAVA_PACKAGE } from '../../src/broker/launch/java.ts'

/** A Debian package and how to tell that what it brings is there. */
interface Need {
  readonly debianPackage: string
  readonly present: () => boolean | Promise<boolean>
}

const NEEDS: readonly Need[] = [
  { debianPackage: JAVA_PACKAGE, present: () => findJava().then(yes, no) },
  { debianPackage: 'maven', present: () => runs('mvn') },
  { debianPackage: 'rabbitmq-server', present: () => existsSync('/usr/lib/rabbitmq/lib') },
  { debianPackage: 'mosquitto', present: () => existsSync('/usr/sbin/mosquitto') },
  { debianPackage: 'chromium', present: () => runs('chromium') },
  { debianPackage: 'openssl', present: () => runs('openssl', 'version') },
]

/** Packages must not start services of their own: their ports and their load would be in the way of the tests. */
const INSTALL = `set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
# A machine that has just been started may be at its own updates.
patience="-o Acquire::Retries=3 -o DPkg::Lock::Timeout=600"
apt-get update -q $patience
apt-get install -y -q --no-install-recommends $patience "$@"`

const missing: string[] = []
for (const { debianPackage, present } of NEEDS) if (!(await present())) missing.push(debianPackage)
if (missing.length > 0) install(missing)
for (const distribution of [ACTIVEMQ, ARTEMIS]) await provideDistribution(distribution)

function install(packages: readonly string[]): void {
  const list = packages.join(' ')
  if (!runs('apt-get')) giveUp(`The tests need ${list}: there is no apt-get here, so please install them.`)
  const root = process.getuid?.() === 0
  if (!root && spawnSync('sudo', ['-n', 'true']).status !== 0) {
    giveUp(`The tests need Debian packages that only root can install; please run: sudo apt-get install ${list}`)
  }
  process.stderr.write(`installing ${list}\n`)
  const command = ['sh', '-c', INSTALL, 'sh', ...packages]
  const [executable = 'sh', ...args] = root ? command : ['sudo', '-n', ...command]
  // What apt says is only of interest when it fails.
  const { status, stdout, stderr } = spawnSync(executable, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) giveUp(`apt-get could not install ${list}:\n${stdout}${stderr}`)
}

function runs(executable: string, ...args: readonly string[]): boolean {
  return spawnSync(executable, args.length > 0 ? args : ['--version']).status === 0
}

function giveUp(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function yes(): boolean {
  return true
}

function no(): boolean {
  return false
}
