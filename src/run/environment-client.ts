/** The harness itself: its version and what it runs on. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from './environment.ts'
import { toolCommit, toolFolder, toolVersion } from './tool-version.ts'

export async function clientFacts(): Promise<Environment> {
  const { node, v8, uv, openssl } = process.versions
  return {
    toolVersion: toolVersion(),
    toolCommit: toolCommit(),
    toolLockfileSha256: await lockfileSha256(),
    nodeVersion: node,
    v8Version: v8,
    libuvVersion: uv,
    opensslVersion: openssl,
    nodeFlags: optionNames(process.execArgv),
    nodeOptions: optionNames((process.env['NODE_OPTIONS'] ?? '').split(/\s+/)),
    uvThreadpoolSize: numberOf(process.env['UV_THREADPOOL_SIZE']),
  }
}

/**
 * Pure. Options by name, with their values only where these are numbers: `--max-old-space-size=4096 --require=...`.
 * A path or a word may be anything, a secret included.
 */
export function optionNames(words: readonly string[]): string {
  return words
    .filter((word) => word.startsWith('-'))
    .map((word) => {
      const at = word.indexOf('=')
      if (at < 0 || /^\d+$/.test(word.slice(at + 1))) return word
      return `${word.slice(0, at)}=...`
    })
    .join(' ')
}

async function lockfileSha256(): Promise<string | null> {
  try {
    return createHash('sha256')
      .update(await readFile(join(toolFolder(), 'package-lock.json')))
      .digest('hex')
  } catch {
    return null // An installed package ships without one.
  }
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}
