/** The units in which Linux counts for this process: read once from the vector that the kernel gives every process. */
import { readFileSync } from 'node:fs'

export interface KernelUnits {
  /** Clock ticks per second of the times in /proc/PID/stat and /proc/stat. */
  readonly ticksPerSecond: number
  readonly pageBytes: number
}

const PAGE_SIZE_KEY = 6n
const CLOCK_TICK_KEY = 17n
/** What nearly every Linux has. */
const USUAL: KernelUnits = { ticksPerSecond: 100, pageBytes: 4096 }

/** Pure. @param vector /proc/self/auxv of a 64-bit process: pairs of key and value; falls back to 100 and 4,096. */
export function parseAuxiliaryVector(vector: Buffer): KernelUnits {
  const values = new Map<bigint, number>()
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    values.set(nativeUint64(vector, at), Number(nativeUint64(vector, at + 8)))
  }
  return {
    ticksPerSecond: values.get(CLOCK_TICK_KEY) ?? USUAL.ticksPerSecond,
    pageBytes: values.get(PAGE_SIZE_KEY) ?? USUAL.pageBytes,
  }
}

/** The vector is in the byte order of the machine; Node runs on one big-endian Linux, s390x. */
function nativeUint64(vector: Buffer, at: number): bigint {
  return process.arch === 's390x' ? vector.readBigUInt64BE(at) : vector.readBigUInt64LE(at)
}

let known: KernelUnits | null = null

/** Units of this machine. Never throws. */
export function kernelUnits(): KernelUnits {
  known ??= readUnits()
  return known
}

function readUnits(): KernelUnits {
  try {
    return parseAuxiliaryVector(readFileSync('/proc/self/auxv'))
  } catch {
    return USUAL
  }
}
