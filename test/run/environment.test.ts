import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { infoValue, threadsPerCore } from '../../src/run/environment-cpu.ts'
import { optionNames } from '../../src/run/environment-client.ts'
import { chosen, kernelParameters, openFileLimits, osName } from '../../src/run/environment-kernel.ts'
import { mountOf, parseMounts } from '../../src/run/environment-storage.ts'
import { captureEnvironment } from '../../src/run/environment.ts'
import { checkedOutCommit, toolVersion } from '../../src/run/tool-version.ts'
import { resultSchema } from '../../src/result/result.ts'
import { scratchFolder } from '../result/scratch-folder.ts'

const environmentModule = new URL('../../src/run/environment.js', import.meta.url).href

test('the environment is flat, fits the result, and names what runs', async () => {
  const environment = await captureEnvironment(join(scratchFolder(), 'not', 'there', 'yet'))
  assert.ok(resultSchema.shape.environment.safeParse(environment).success)
  assert.equal(environment['nodeVersion'], process.versions.node)
  assert.equal(environment['toolVersion'], toolVersion())
  assert.ok(Number(environment['memoryBytes']) > 0)
  assert.ok(Number(environment['resultsDiskFreeBytes']) >= 0)
})

test(
  'on Linux, kernel, limits and the disk of the results are among the facts',
  { skip: process.platform !== 'linux' },
  async () => {
    const environment = await captureEnvironment(scratchFolder())
    for (const name of ['kernel', 'clockSource', 'openFilesHard', 'resultsFileSystem', 'sysctl.net.core.somaxconn']) {
      assert.notEqual(environment[name], null, name)
      assert.notEqual(environment[name], undefined, name)
    }
  },
)

test('passwords in environment variables, options and arguments are in no fact', () => {
  const secret = 'pl4nted-pass'
  const script = `import(${JSON.stringify(environmentModule)})
    .then((m) => m.captureEnvironment('.')).then((e) => console.log(JSON.stringify(e)))`
  const ran = spawnSync(process.execPath, [`--title=${secret}`, '-e', script, '--', `--password=${secret}`, secret], {
    encoding: 'utf8',
    env: {
      ...process.env,
      BROKERMARK_PASSWORD: secret,
      NODE_OPTIONS: `--max-old-space-size=512 --title=${secret}`,
      UV_THREADPOOL_SIZE: '8',
    },
  })
  assert.equal(ran.status, 0, ran.stderr)
  const facts = JSON.parse(ran.stdout) as Record<string, unknown>
  assert.ok(!ran.stdout.includes(secret), ran.stdout)
  assert.equal(facts['nodeFlags'], '--title=... -e')
  assert.equal(facts['nodeOptions'], '--max-old-space-size=512 --title=...')
  assert.equal(facts['uvThreadpoolSize'], 8)
})

test('neither the host nor the user is named', async () => {
  const facts = Object.values(await captureEnvironment('.')).map(String)
  for (const name of [hostname(), userInfo().homedir]) assert.ok(!facts.some((fact) => fact.includes(name)), name)
})

test('options are kept by name, and their values only where they are numbers', () => {
  assert.equal(
    optionNames(['--max-old-space-size=4096', '-r', './x.js', '--env-file=/secret']),
    '--max-old-space-size=4096 -r --env-file=...',
  )
  assert.equal(optionNames(['']), '')
})

test('of the kernel command line only what bears on measurements is kept', () => {
  const line = 'BOOT_IMAGE=/vmlinuz root=UUID=1 mitigations=off isolcpus=2-3 luks.key=abc nosmt quiet -- isolcpus=9\n'
  assert.equal(kernelParameters(line), 'mitigations=off isolcpus=2-3 nosmt')
  assert.equal(kernelParameters(null), null)
})

test('open file limits, chosen settings and system names are read from their files', () => {
  const limits =
    'Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 unlimited            files\n'
  assert.deepEqual(openFileLimits(limits), { soft: 1024, hard: -1 })
  assert.equal(openFileLimits(''), null)
  assert.equal(chosen('always [madvise] never\n'), 'madvise')
  assert.equal(chosen('none\n'), 'none')
  assert.equal(chosen(null), null)
  assert.equal(osName('NAME=x\nPRETTY_NAME="Debian GNU/Linux 12"\n'), 'Debian GNU/Linux 12')
  assert.equal(infoValue('cpu MHz\t\t: 2445.424\ncpu MHz\t: 1\n', 'cpu MHz'), '2445.424')
})

for (const [list, threads] of [
  ['0', 1],
  ['0-1', 2],
  ['0,64', 2],
  ['0-3,8-11\n', 8],
] as const) {
  test(`threads ${list.trim()} are ${threads} of one core`, () => assert.equal(threadsPerCore(list), threads))
}

test('a folder is on the deepest mount above it', () => {
  const mounts = parseMounts(
    [
      '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
      '28 27 0:25 / /mnt/my\\040disk ro,nosuid - tmpfs none rw,size=4k',
      '29 27 0:26 / /mnt rw shared:1 master:2 - xfs /dev/vdb rw',
    ].join('\n'),
  )
  assert.deepEqual(mountOf(mounts, '/mnt/my disk/results'), {
    device: '0:25',
    mountPoint: '/mnt/my disk',
    options: 'ro,nosuid',
    fileSystem: 'tmpfs',
  })
  assert.equal(mountOf(mounts, '/mnt/my disks')?.fileSystem, 'xfs')
  assert.equal(mountOf(mounts, '/mntx')?.fileSystem, 'ext4')
  assert.equal(mountOf([], '/'), null)
})

test('the commit is read from a checkout, a packed one, a detached one and a worktree', () => {
  const folder = scratchFolder()
  const git = join(folder, '.git')
  const [first, second] = ['1'.repeat(40), '2'.repeat(40)]
  assert.equal(checkedOutCommit(folder), null)
  mkdirSync(join(git, 'refs', 'heads'), { recursive: true })
  writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n')
  assert.equal(checkedOutCommit(folder), null)
  writeFileSync(join(git, 'packed-refs'), `# pack-refs\n${first} refs/heads/main\n${second} refs/heads/main2\n`)
  assert.equal(checkedOutCommit(folder), first)
  writeFileSync(join(git, 'refs', 'heads', 'main'), `${second}\n`)
  assert.equal(checkedOutCommit(folder), second)

  const tree = scratchFolder()
  const treeGit = join(git, 'worktrees', 'w')
  mkdirSync(treeGit, { recursive: true })
  writeFileSync(join(tree, '.git'), `gitdir: ${treeGit}\n`)
  writeFileSync(join(treeGit, 'commondir'), '../..\n')
  writeFileSync(join(treeGit, 'HEAD'), 'ref: refs/heads/main\n')
  assert.equal(checkedOutCommit(tree), second)
  writeFileSync(join(treeGit, 'HEAD'), `${first}\n`)
  assert.equal(checkedOutCommit(tree), first)
})
