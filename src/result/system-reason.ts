import { StoreError } from './store-error.ts'

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EEXIST: 'it exists already',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files (see ulimit -n)',
  EIO: 'the disk failed',
}

/** The system's reason in words, with its code: `the disk is full (ENOSPC)`; the message of anything else. */
export function systemReason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const code = (cause as NodeJS.ErrnoException).code
  if (code === undefined) return cause.message
  return `${REASONS[code] ?? cause.message} (${code})`
}

/** `cannot write /results/x: the disk is full (ENOSPC)`; a StoreError as cause is passed on as it is. */
export function storeError(attempt: 'read' | 'write' | 'create' | 'lock', path: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  return new StoreError(`cannot ${attempt} ${path}: ${systemReason(cause)}`, { cause })
}
