import { readFileSync } from 'node:fs'
import { UsageError } from '../workload/problem.ts'

/**
 * Reads the times of a trace: one message a line, seconds since the beginning, never decreasing; further columns after a
 * comma or blank, empty lines and lines that begin with # are passed over.
 * @returns microseconds. @throws UsageError with the line that is wrong, or where there is no such file.
 */
export function readTrace(path: string): Float64Array {
  const times: number[] = []
  let line = 0
  for (const text of textOf(path).split('\n')) {
    line++
    if (/^\s*(#|$)/.test(text)) continue
    const seconds = Number(/^[^\s,;]+/.exec(text.trim())?.[0])
    const before = times.at(-1) ?? 0
    if (!(seconds * 1e6 >= before)) {
      const text = `line ${line} of ${path} is no time in seconds that is not before the one above it`
      throw new UsageError([{ path: 'load.arrivals', text }])
    }
    times.push(seconds * 1e6)
  }
  if (times.length === 0) throw new UsageError([{ path: 'load.arrivals', text: `${path} holds no times` }])
  return Float64Array.from(times)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new UsageError([{ path: 'load.arrivals', text: `cannot read the trace ${path} (${why})` }])
  }
}
