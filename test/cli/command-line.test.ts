import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { brokermark, scratchFolder } from './brokermark.ts'

test('--version prints the version of package.json', async () => {
  const { exitCode, stdout, stderr } = await brokermark(['--version'])
  assert.deepEqual([exitCode, stderr], [0, ''])
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
})

test('--help lists the commands that are built, and none else', async () => {
  const { exitCode, stdout } = await brokermark(['--help'])
  assert.equal(exitCode, 0)
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1])
  assert.deepEqual(commands, ['run', 'report', 'calibrate', 'list', 'broker', 'help'])
})

for (const command of ['run', 'report', 'calibrate', 'list', 'broker']) {
  test(`${command} --help ends with one example`, async () => {
    const { exitCode, stdout } = await brokermark([command, '--help'])
    assert.equal(exitCode, 0)
    assert.match(stdout, new RegExp(`\\nExample:\\n  \\$ brokermark ${command} [^\\n]+\\n$`))
  })
}

test('no command at all is a usage error with the help', async () => {
  const { exitCode, stdout, stderr } = await brokermark([])
  assert.deepEqual([exitCode, stdout], [64, ''])
  assert.match(stderr, /^Usage: brokermark/)
})

const misspelled: readonly (readonly [words: readonly string[], sentence: string])[] = [
  [['rum'], 'brokermark: unknown command rum, did you mean run?\n'],
  [['run', '--tarjet', 'x'], 'brokermark: unknown option --tarjet, did you mean --target?\n'],
  [['run', '--prefech=3000000000'], 'brokermark: unknown option --prefech, did you mean --prefetch?\n'],
  [['report', 'x', '--agianst', 'y'], 'brokermark: unknown option --agianst, did you mean --against?\n'],
  [['run', '-x'], "brokermark: option '-x, --producers <n>' argument missing\n"],
  [['run', 'a', 'b'], "brokermark: too many arguments for 'run'. Expected 1 argument but got 2.\n"],
  [['report'], "brokermark: missing required argument 'run'\n"],
  [['list', 'drivrs'], 'brokermark: drivrs: unknown subject, did you mean drivers?\n'],
  [['broker', 'activmq'], 'brokermark: activmq: unknown broker, did you mean activemq?\n'],
  [['run', 'quik'], 'brokermark: quik: there is no such workload file; did you mean quick?\n'],
  [['run', '--set', 'load.inflite=1'], 'brokermark: --set load.inflite: unknown key, did you mean load.inFlight?\n'],
  [['run', '-t', 'stmp://h'], 'brokermark: stmp://h: unknown scheme stmp, did you mean stomp?\n'],
  [
    ['run', '-t', 'mqtt://h?qos=0'],
    'brokermark: delivery.confirm: MQTT confirms nothing at QoS 0: set delivery.confirm to false, with an open model, or qos=1 in the target\n',
  ],
  [['run', '--broker-pid', 'x'], 'brokermark: --broker-pid: got "x", expected a process id\n'],
]

for (const [words, sentence] of misspelled) {
  test(`exit 64 with one sentence and no stack: ${words.join(' ')}`, async () => {
    assert.deepEqual(await brokermark(words), { exitCode: 64, stdout: '', stderr: sentence })
  })
}

test('problems of the file, the flags and the targets come all at once', async (context) => {
  const folder = scratchFolder(context)
  fs.writeFileSync(join(folder, 'mine.yaml'), 'load: { inFligt: 3 }\nmatrix: { messageBytes: 4 }\n')
  const words = ['run', 'mine.yaml', '-x', 'ten', '-t', 'amqps://me:hunter2@h', '-t', 'mqtt://h?verson=5', '--set', 'x']
  const { exitCode, stderr } = await brokermark(words, { cwd: folder })
  assert.equal(exitCode, 64)
  assert.deepEqual(
    stderr.split('\n').map((line) => line.replace(/^brokermark: ([^ ]*?): .*/, '$1')),
    ['--set x', 'load.inFligt', 'matrix.messageBytes', '-x', 'amqps://h', 'mqtt://h', ''].map((path) =>
      path === '--set x' ? 'brokermark: --set x: expected path=value, such as load.inFlight=100' : path,
    ),
  )
  assert.doesNotMatch(stderr, /hunter2/)
})

test('what a driver lacks is refused before any load', async () => {
  const { exitCode, stderr } = await brokermark(['run', '-t', 'openwire://h', '--client', 'library'])
  assert.equal(exitCode, 64)
  assert.match(stderr, /^brokermark: client: openwire has no library client in this version: use wire$/m)
})

test('more connections than open files are one sentence, exit 64', async () => {
  const { exitCode, stderr } = await brokermark(['run', '-x', '5000', '-y', '5000'], { prefix: 'ulimit -n 1024;' })
  assert.equal(exitCode, 64)
  assert.equal(
    stderr,
    'brokermark: ulimit -n: 10,001 connections need about 10,101 open files, and this process may have 1,024: raise the hard limit (ulimit -Hn), or use fewer producers and consumers\n',
  )
})

test('switches of the stub that do not exist are refused before it is started', async () => {
  const { exitCode, stderr } = await brokermark(['run', '-t', 'embedded:?stalMs=5'])
  assert.equal(exitCode, 64)
  assert.match(stderr, /^brokermark: embedded:\?stalMs=5: stalMs: /)
})

test('a payload file and TLS files that cannot be read are usage errors with the reason', async () => {
  const payload = await brokermark(['run', '--set', 'payload.content.file=/nowhere/body'])
  assert.deepEqual(
    [payload.exitCode, payload.stderr],
    [64, 'brokermark: payload.content: cannot read /nowhere/body: there is no such file or folder (ENOENT)\n'],
  )
  const tls = await brokermark(['run', '-t', 'stomp+ssl://h?ca=/nowhere/ca.pem'])
  assert.deepEqual(
    [tls.exitCode, tls.stderr],
    [64, 'brokermark: stomp+ssl://h:61614: cannot read /nowhere/ca.pem: there is no such file or folder (ENOENT)\n'],
  )
})

test('a password file that cannot be read is a usage error', async () => {
  const environment = { BROKERMARK_PASSWORD_FILE: '/nowhere/password' }
  const { exitCode, stderr } = await brokermark(['run', '-t', 'stomp://me@h', '--dry-run'], { environment })
  assert.equal(exitCode, 64)
  assert.match(stderr, /^brokermark: BROKERMARK_PASSWORD_FILE: cannot read \/nowhere\/password/)
})

test('a results folder that cannot be written is exit 73, before anything is measured', async (context) => {
  const folder = scratchFolder(context)
  fs.writeFileSync(join(folder, 'taken'), '')
  const { exitCode, stdout, stderr } = await brokermark(['run', '--results', join(folder, 'taken', 'here')])
  assert.deepEqual([exitCode, stdout], [73, ''])
  assert.match(
    stderr,
    /^brokermark: cannot write .*taken\/here: a part of the path is a file, not a folder \(ENOTDIR\)\n$/,
  )
})

test('a run that does not exist cannot be resumed or reported', async (context) => {
  const results = scratchFolder(context)
  const resumed = await brokermark(['run', '--resume', 'nothing', '--results', results])
  assert.deepEqual([resumed.exitCode, resumed.stderr], [64, `brokermark: there is no run nothing in ${results}\n`])
  const reported = await brokermark(['report', 'nothing', '--results', results])
  assert.deepEqual(
    [reported.exitCode, reported.stderr],
    [64, `brokermark: there is no run nothing in ${results}, and no such path\n`],
  )
  const noId = await brokermark(['run', '--resume', '../nothing', '--results', results])
  assert.deepEqual([noId.exitCode, noId.stdout], [64, ''])
  const noRun = await brokermark(['report', '.', '--results', results], { cwd: results })
  assert.deepEqual([noRun.exitCode, noRun.stdout], [64, ''])
  assert.match(noRun.stderr, /^brokermark: .* holds no result: no result\.json, no run\.json\n$/)
  fs.writeFileSync(join(results, 'notes.txt'), 'no run')
  const noResult = await brokermark(['report', 'notes.txt', '--results', results])
  assert.deepEqual([noResult.exitCode, noResult.stdout], [64, ''])
  assert.match(noResult.stderr, /^brokermark: .*notes\.txt is not JSON: /)
})

test('--dry-run prints each cell, its connections and the time, and leaves nothing behind', async (context) => {
  const folder = scratchFolder(context)
  const words = [
    'run',
    '-x',
    '2,4',
    '-y',
    '2',
    '-s',
    '1KB',
    '-r',
    '0.5',
    '-c',
    '7',
    '-z',
    '10',
    '--dry-run',
    '--threads',
    '1',
  ]
  const { exitCode, stdout, stderr } = await brokermark(words, { cwd: folder })
  assert.deepEqual([exitCode, stderr], [0, ''])
  assert.equal(
    stdout,
    [
      'quick-form',
      'target t1: embedded:',
      '',
      '#  cell          size  prod x cons  load                         layout    client      conns  seconds',
      '1  t1-1024B-2x2  1 KB  2 x 2        0.5/s (0.250/s each), cap 7  per-pair  stomp wire  5      16',
      '2  t1-1024B-4x2  1 KB  4 x 2        0.5/s (0.125/s each), cap 7  shared    stomp wire  7      16',
      '',
      '2 cells, 7 connections at most, 1 thread, about 32 s (broker warm-up included).',
      '',
    ].join('\n'),
  )
  assert.deepEqual(fs.readdirSync(folder), [])
})

test('a shipped workload is found by its name from any folder', async (context) => {
  const { exitCode, stdout } = await brokermark(['run', 'mq.m5.2xlarge', '--dry-run'], { cwd: scratchFolder(context) })
  assert.equal(exitCode, 0)
  assert.match(stdout, /^23 cells, 401 connections at most/m)
})

test('list names workloads with their question, drivers with their capabilities, and runs', async (context) => {
  const results = scratchFolder(context)
  const { exitCode, stdout } = await brokermark(['list', '--results', results])
  assert.equal(exitCode, 0)
  assert.match(stdout, /^ {2}quick +9 cells {2}Does it work here/m)
  assert.match(stdout, /^ {2}stomp +wire .*queues.*over tcp\/tls\/ws\/wss$/m)
  assert.match(stdout, new RegExp(`^Runs in ${results}\n {2}\\(none\\)\n$`, 'm'))
})

test('list --json is JSON', async () => {
  const { stdout } = await brokermark(['list', 'workloads', '--json'])
  const parsed = JSON.parse(stdout) as { workloads: { name: string }[] }
  assert.ok(parsed.workloads.some((workload) => workload.name === 'quick'))
})
