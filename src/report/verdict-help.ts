/** Where each reason of a verdict is explained: a heading of a page under docs/method. Pure. */
import type { CellResult } from '../result/result.ts'

/** Pages by what they are about, with the reason codes that are headings in them. */
const CODES_BY_PAGE: Readonly<Record<string, readonly string[]>> = {
  'generator.md': [
    ...['generator-lag', 'generator-bound', 'missed-slots', 'skipped-slots'],
    ...['event-loop', 'garbage-collection', 'steal', 'load-host', 'send-rate', 'tail-withheld'],
    'littles-law',
  ],
  'coordinated-omission.md': ['coordinated'],
  'floor.md': ['below-floor', 'near-ceiling'],
  'steady-state.md': ['not-steady', 'warm-up-too-short'],
  'profiles.md': ['smoke', 'too-few-messages'],
  'unsustainable.md': ['unsustainable-rate'],
  'repetitions.md': ['noisy', 'drifted'],
  'ledger.md': ['not-drained', 'lossy', 'duplicated', 'aborted', 'late', 'unexpected', 'corrupt'],
  'clock.md': ['clock'],
  'failures.md': [
    ...['broker-refused', 'broker-unreachable', 'broker-timeout', 'broker-authentication'],
    ...['broker-untrusted-certificate', 'broker-wrong-protocol', 'broker-closed', 'broker-protocol-error'],
    ...['broker-not-permitted', 'broker-unsupported', 'broker-resource-limit'],
    ...['worker-died', 'worker-hung', 'client-process-died', 'no-messages', 'refused', 'interrupted'],
  ],
}

const PAGE_BY_CODE: ReadonlyMap<string, string> = new Map(
  Object.entries(CODES_BY_PAGE).flatMap(([page, codes]) => codes.map((code) => [code, page] as const)),
)

/** Every code that is explained. */
export const explainedCodes: readonly string[] = [...PAGE_BY_CODE.keys()]

/** `docs/method/generator.md#generator-lag`, relative to the package; null for a code that no page explains. */
export function helpFor(code: string): string | null {
  const page = PAGE_BY_CODE.get(code)
  return page === undefined ? null : `docs/method/${page}#${code}`
}

/** One line for the reasons of these cells, in the order in which they first come; none where there is nothing to explain. */
export function helpRemarks(cells: readonly Pick<CellResult, 'verdict'>[]): string[] {
  const codes = cells.flatMap(({ verdict }) => verdict.reasons.map((reason) => reason.code))
  const places = [...new Set(codes)].flatMap((code) => helpFor(code) ?? [])
  return places.length === 0 ? [] : [`What this means: ${places.join(', ')}`]
}
