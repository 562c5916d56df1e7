/**
 * Golden files: what a report says, kept as text under `test/golden`, with an ending that no formatter takes for its own.
 * `UPDATE_GOLDEN=1` writes them anew.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { toolFolder } from '../../src/run/tool-version.ts'

/** Fails where `text` is not what `test/golden/NAME` holds. */
export function assertGolden(name: string, text: string): void {
  const path = join(toolFolder(), 'test/golden', `${name}.golden`)
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  assert.equal(text, readFileSync(path, 'utf8'), `differs from test/golden/${name}.golden`)
}
