/** Files that are there whole or not at all, whatever happens to the process or the disk while they are written. */
import fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { storeError } from './system-reason.ts'

/** Name of the temporary file that becomes `path`: hidden, beside it, of this process alone. */
function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
}

/**
 * Writes `text` (UTF-8) to `path`: into a temporary file beside it, synced, renamed over `path`, folder synced.
 * @throws StoreError naming `path` and the system's reason; what stood at `path` before is then still there.
 */
export function writeWhole(path: string, text: string): void {
  const temporary = temporaryPath(path)
  try {
    const descriptor = fs.openSync(temporary, 'w')
    try {
      fs.writeFileSync(descriptor, text)
      fs.fsyncSync(descriptor)
    } finally {
      fs.closeSync(descriptor)
    }
    fs.renameSync(temporary, path)
    syncFolder(dirname(path))
  } catch (cause) {
    removeQuietly(temporary)
    throw storeError('write', path, cause)
  }
}

/** Makes names created in `folder` survive a power failure, where the file system can sync a folder at all. */
export function syncFolder(folder: string): void {
  let descriptor: number
  try {
    descriptor = fs.openSync(folder, 'r')
  } catch {
    return // Windows does not open folders; there the rename itself is what we get.
  }
  try {
    fs.fsyncSync(descriptor)
  } catch (cause) {
    // EINVAL, EPERM, ENOTSUP: this file system has no sync of folders. Anything else is a failing disk.
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    if (!['EINVAL', 'EPERM', 'ENOTSUP', 'EISDIR'].includes(code)) throw cause
  } finally {
    fs.closeSync(descriptor)
  }
}

function removeQuietly(path: string): void {
  try {
    fs.rmSync(path, { force: true })
  } catch {
    // The first failure is the one worth reporting; a left-over temporary file is ignored by every reader.
  }
}
