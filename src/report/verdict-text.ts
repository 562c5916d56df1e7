/** Reasons of verdicts as sentences. Pure. */
import type { Reason } from '../result/result.ts'
import { quantityText } from './number-text.ts'

/** One reason with its code, figure and limit. */
export function reasonText(reason: Reason): string {
  const figure = reason.figure === null ? '' : `: ${quantityText(reason.figure)}`
  const limit = reason.limit === null ? '' : `, limit ${quantityText(reason.limit)}`
  return `${reason.text.replace(/\.$/, '')} (${reason.code}${figure}${limit})`
}

/** With a capital at its beginning, as a sentence has. */
export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
