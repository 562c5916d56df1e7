import { existsSync, readFileSync } from 'node:fs'

/** The text of one of the system's own files (/proc, /sys, /etc); null where it cannot be read. Never throws. */
export function readText(path: string): string | null {
  try {
    return existsSync(path) ? readFileSync(path, 'latin1') : null
  } catch {
    return null
  }
}
