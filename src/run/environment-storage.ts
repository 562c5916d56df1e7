/** The disk that the results folder is on. Paths are not recorded: they may tell names. */
import { existsSync, realpathSync, statfsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readText } from '../probe/system-file.ts'
import { chosen } from './environment-kernel.ts'
import type { Environment } from './environment.ts'

/** One line of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface Mount {
  /** `254:0` */
  readonly device: string
  readonly mountPoint: string
  readonly options: string
  readonly fileSystem: string
}

export function storageFacts(resultsFolder: string): Environment {
  const folder = nearestExisting(resolve(resultsFolder))
  const mount = mountOf(parseMounts(readText('/proc/self/mountinfo') ?? ''), folder)
  const block = mount === null ? null : blockFolder(mount.device)
  const rotational = block === null ? null : (readText(join(block, 'queue', 'rotational'))?.trim() ?? null)
  return {
    resultsFileSystem: mount?.fileSystem ?? null,
    resultsMountOptions: mount?.options ?? null,
    resultsDiskFreeBytes: freeBytes(folder),
    resultsDiskModel: block === null ? null : (readText(join(block, 'device', 'model'))?.trim() ?? null),
    resultsDiskScheduler: block === null ? null : chosen(readText(join(block, 'queue', 'scheduler'))),
    resultsDiskRotational: rotational === null ? null : rotational === '1',
  }
}

/** Pure. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ')
    const [, , device, , mountPoint, options] = (before ?? '').split(' ')
    const [fileSystem] = (after ?? '').split(' ')
    if (device === undefined || mountPoint === undefined || options === undefined || !fileSystem) return []
    return [{ device, mountPoint: unescaped(mountPoint), options, fileSystem }]
  })
}

/** Pure. The mount that a path is on: the deepest one above it, and of several there the last. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | null {
  const above = mounts.filter(({ mountPoint }) => `${path}/`.startsWith(mountPoint === '/' ? '/' : `${mountPoint}/`))
  return above.reduce<Mount | null>(
    (best, mount) => (best === null || mount.mountPoint.length >= best.mountPoint.length ? mount : best),
    null,
  )
}

/** Blanks in mount points are written `\040`. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

function nearestExisting(path: string): string {
  try {
    return existsSync(path) || dirname(path) === path ? realpathSync(path) : nearestExisting(dirname(path))
  } catch {
    return path
  }
}

/** The folder of the whole disk; a partition's is inside it. */
function blockFolder(device: string): string | null {
  try {
    const folder = realpathSync(`/sys/dev/block/${device}`)
    return [folder, dirname(folder)].find((one) => existsSync(join(one, 'queue'))) ?? null
  } catch {
    return null // No block device: tmpfs, overlay, network.
  }
}

function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return null
  }
}
