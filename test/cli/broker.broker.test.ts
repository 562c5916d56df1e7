/** `brokermark broker`: it ends in order at Ctrl-C, and says so when its broker ends by itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokermark, type Ended } from './brokermark.ts'

/** Starts it and sends `signal` to one of the two processes, once both are there. */
async function ended(product: string, subject: 'command' | 'broker', signal: NodeJS.Signals): Promise<Ended> {
  let isSent = false
  return brokermark(['broker', product], {
    onStderr: (stderr, commandPid) => {
      const brokerPid = /, process (\d+), until Ctrl-C; targets:\n/.exec(stderr)?.[1]
      if (brokerPid === undefined || isSent) return
      isSent = true
      process.kill(subject === 'broker' ? Number(brokerPid) : commandPid, signal)
    },
  })
}

for (const product of ['mosquitto', 'embedded'] as const) {
  test(`${product} that ends by itself is one sentence, and exit code 69`, async () => {
    const { exitCode, stderr } = await ended(product, 'broker', 'SIGKILL')
    assert.equal(exitCode, 69, stderr)
    const [, sentence, ...others] = stderr.split('\n')
    assert.match(
      sentence ?? '',
      /^brokermark: (mosquitto [\d.]+|embedded broker), process \d+, was killed by SIGKILL: its targets are gone$/,
    )
    assert.deepEqual(others, [''])
  })

  test(`${product} is stopped at Ctrl-C, with exit code 0`, async () => {
    const { exitCode, stdout, stderr } = await ended(product, 'command', 'SIGINT')
    assert.equal(exitCode, 0, stderr)
    assert.match(stdout, /^mqtt:\/\/127\.0\.0\.1:\d+$/m)
    assert.doesNotMatch(stderr, /brokermark:/)
  })
}
