/** What a command prints is for whoever reads it, however slowly: a pager, a program that is busy. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { MAIN, scratchFolder } from './brokermark.ts'

/** More than pipes and sockets hold. */
const TITLE = 'x'.repeat(2_000_000)
/** Longer than a finished command waits for handles that somebody forgot to close. */
const UNREAD_MS = 4_000

test('a reader that takes its time gets all of the output', async (context) => {
  const path = join(scratchFolder(context), 'result.json')
  const published = JSON.parse(fs.readFileSync('results/reference/mq.m5.large/result.json', 'utf8')) as object
  fs.writeFileSync(path, JSON.stringify({ ...published, title: TITLE }))
  const child = spawn(process.execPath, [MAIN, 'report', path, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  // The first piece says that it is being printed; nothing is read from then on.
  await once(child.stdout, 'readable')
  await Promise.race([ended, sleep(UNREAD_MS)])
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  await once(child.stdout, 'end')
  assert.equal((JSON.parse(printed) as { title: string }).title, TITLE)
  assert.deepEqual(await ended, [0, null])
})
