import { StoreError } from '../result/store-error.ts'
import { UsageError } from '../workload/problem.ts'

/**
 * Reads a run that the user named. One that is not there, or is no run, is wrong usage as a workload file that is not
 * there is; a StoreError stays for what cannot be written.
 * @returns what `read` does. @throws UsageError in place of its StoreError, with the same sentence.
 */
export function readNamedRun<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof StoreError) throw new UsageError([{ path: '', text: cause.message }])
    throw cause
  }
}
