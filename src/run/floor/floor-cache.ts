/** Floors that were measured before, kept in a file of the user: `~/.cache/brokermark/floor.json`. */
import fs from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { storeError } from '../../result/system-reason.ts'
import { writeWhole } from '../../result/write-whole.ts'
import { floorRecordSchema, isOfFlow, isSameHost, type FloorHost, type FloorRecord } from './floor-record.ts'

/** Every commit and every Node has floors of its own: those of long ago go. */
const RECORDS_MAX = 500

const cacheSchema = z.strictObject({ formatVersion: z.literal(1), floors: z.array(floorRecordSchema) })

/** In XDG_CACHE_HOME where it is set to an absolute path (others are to be ignored, says its specification), else in `~/.cache`. */
export function floorCachePath(environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment['XDG_CACHE_HOME']
  const folder = given !== undefined && isAbsolute(given) ? given : join(environment['HOME'] ?? homedir(), '.cache')
  return join(folder, 'brokermark', 'floor.json')
}

/** The floors of this host in the file; none where there is no file, or what it holds is not ours to read. */
export function readFloors(path: string, host: FloorHost): readonly FloorRecord[] {
  return readAll(path).filter((record) => isSameHost(record.host, host))
}

/** Puts `floors` in the file, each in the place of an older one of its kind. @throws StoreError */
export function writeFloors(path: string, floors: readonly FloorRecord[]): void {
  const isReplaced = (old: FloorRecord): boolean =>
    floors.some((one) => isSameHost(one.host, old.host) && isOfFlow(old, one, one.messageBytes, one.flow))
  // Read anew: another brokermark may have written since.
  const kept = readAll(path).filter((record) => !isReplaced(record))
  const all = [...kept, ...floors].slice(-RECORDS_MAX)
  try {
    fs.mkdirSync(dirname(path), { recursive: true })
  } catch (cause) {
    throw storeError('create', dirname(path), cause)
  }
  writeWhole(path, `${JSON.stringify({ formatVersion: 1, floors: all }, null, 2)}\n`)
}

function readAll(path: string): readonly FloorRecord[] {
  let content: unknown
  try {
    content = JSON.parse(fs.readFileSync(path, 'utf8'))
  } catch {
    // Missing, unreadable or broken: a cache is measured again.
    return []
  }
  const parsed = cacheSchema.safeParse(content)
  return parsed.success ? parsed.data.floors : []
}
