/** Which brokermark this is: read from what lies around the compiled files. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder with brokermark's package.json: the nearest one above this file, compiled or not. */
export function toolFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

/** `0.1.0` */
export function toolVersion(): string {
  const parsed = JSON.parse(readFileSync(join(toolFolder(), 'package.json'), 'utf8')) as { readonly version: string }
  return parsed.version
}

/** The commit that is checked out, 40 hex digits; null where brokermark is not run from a git checkout. Never throws. */
export function toolCommit(): string | null {
  return checkedOutCommit(toolFolder())
}

/** The commit checked out in `folder`, which must itself be the root of the checkout; null where it is none. */
export function checkedOutCommit(folder: string): string | null {
  try {
    const gitFolder = gitFolderOf(folder)
    const head = readFileSync(join(gitFolder, 'HEAD'), 'utf8').trim()
    const reference = /^ref: (.+)$/.exec(head)?.[1]
    return commitOrNull(reference === undefined ? head : resolveReference(gitFolder, reference))
  } catch {
    return null // No checkout: an installed package, an image.
  }
}

/** `.git` is a file in a worktree or submodule, which names the folder. */
function gitFolderOf(folder: string): string {
  const path = join(folder, '.git')
  if (statSync(path).isDirectory()) return path
  return resolve(
    folder,
    readFileSync(path, 'utf8')
      .trim()
      .replace(/^gitdir: /, ''),
  )
}

function resolveReference(gitFolder: string, reference: string): string {
  const commonFile = join(gitFolder, 'commondir')
  const common = existsSync(commonFile) ? resolve(gitFolder, readFileSync(commonFile, 'utf8').trim()) : gitFolder
  for (const candidate of [join(gitFolder, reference), join(common, reference)]) {
    if (existsSync(candidate)) return readFileSync(candidate, 'utf8').trim()
  }
  const packed = readFileSync(join(common, 'packed-refs'), 'utf8').split('\n')
  return packed.find((line) => line.endsWith(` ${reference}`))?.split(' ')[0] ?? ''
}

function commitOrNull(text: string): string | null {
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text) ? text : null
}
